package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigRejectedException;
import io.zookit.config.Content;
import io.zookit.config.History;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.internal.head.DraftUse;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadTransactions;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.lane.Timeouts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Publishes a release only when the clients could use it: it is put before them as a candidate, each reads, opens,
 * binds and validates it without using it, and says so in its acknowledgement.
 *
 * <p>Every instance that was alive when the candidate was created must have accepted it by the deadline. Silence is not
 * consent: an instance that is gone, or cannot vote, is missing.
 */
public final class PublishVerification {

  private static final Duration VOTE_INTERVAL = Duration.ofMillis(50);

  private final StoredConfigReader reader;
  private final HeadTransactions transitions;
  private final ReleaseBuilder maker;
  private final ReleasePublisher publishing;
  private final Supplier<Instant> clock;

  private record Candidacy(Manifest manifest, List<String> voters, boolean same) {}

  public PublishVerification(
      StoredConfigReader reader,
      HeadTransactions transitions,
      ReleaseBuilder maker,
      ReleasePublisher publishing,
      Supplier<Instant> clock) {
    this.reader = reader;
    this.transitions = transitions;
    this.maker = maker;
    this.publishing = publishing;
    this.clock = clock;
  }

  public Release publish(
      Namespace ns, Content content, DraftUse use, Duration timeout, Change change)
      throws InterruptedException {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than zero)");
    }
    Candidacy candidacy = propose(ns, content, use, Timeouts.after(clock.get(), timeout), change);
    if (candidacy.same()) {
      // It held what is stable anyway; the caller removes the draft.
      return candidacy.manifest().toRelease(ns);
    }
    List<String> problems = collect(ns, candidacy, Timeouts.after(clock.get(), timeout), change);
    if (problems.isEmpty()) {
      return accept(ns, candidacy.manifest(), use, change);
    }
    ReleaseRef mine = candidacy.manifest().pointer();
    withdraw(ns, mine::equals, change);
    throw new ConfigRejectedException(ns, problems);
  }

  /** Withdraws the candidate of any client; false if none is voted on. */
  public boolean withdraw(Namespace ns, Change change) throws InterruptedException {
    return withdraw(ns, any -> true, change);
  }

  private boolean withdraw(Namespace ns, Predicate<ReleaseRef> expected, Change change)
      throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      Head.CandidateRelease candidate = stored.head().candidate();
      if (candidate == null || !expected.test(candidate.release())) {
        return HeadTransactions.ChangePlan.nothing(false);
      }
      HeadUpdate edit = HeadUpdate.of(stored.head()).candidate(null);
      return HeadTransactions.ChangePlan.of(
          HeadChange.of(ns, stored, edit, History.Action.WITHDRAW)
              .about(candidate.release().release()),
          true);
    });
  }

  private Candidacy propose(
      Namespace ns, Content content, DraftUse use, Instant deadline, Change change)
      throws InterruptedException {
    Map<Namespace, ReleasePublisher.Base> bases = new HashMap<>();
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      Head head = stored.head();
      publishing.requirePublishable(ns, head, change);
      publishing.requireBase(ns, head, change, bases, Optional.of(content));
      use.guard().check();
      PreparedContent body = publishing.prepare(ns, head, reader.policy(ns).policy(), content);
      if (body.isSameAs(head)) {
        Manifest stable = reader.presentRelease(ns, head.stableNumber()).manifest();
        return new HeadTransactions.ChangePlan<>(
            PublishPlan.endingGrays(ns, stored, change).stream().toList(),
            new Candidacy(stable, List.of(), true));
      }
      ReleaseBuilder.Cause cause =
          new ReleaseBuilder.Cause(Release.Kind.PUBLISH, null, change, publishId, 1);
      ReleaseBuilder.Made made = maker.make(ns, head, body, cause);
      List<String> voters =
          reader.acks(ns).stream().map(InstanceReleaseStatus::life).toList();
      requireVoters(ns, voters.size(), change);
      HeadUpdate edit = HeadUpdate.of(head)
          .newRelease(made.manifest(), made.hash())
          .state(Head.State.ACTIVE)
          .candidate(new Head.CandidateRelease(made.manifest().pointer(), deadline));
      HeadChange move = HeadChange.of(ns, stored, edit, History.Action.CANDIDATE)
          .about(made.manifest().number())
          .with(made.ops())
          .askedOf(voters)
          .signed(use);
      return HeadTransactions.ChangePlan.of(move, new Candidacy(made.manifest(), voters, false));
    });
  }

  /** Before anything is put to a vote that cannot be won. */
  private static void requireVoters(Namespace ns, int voters, Change change) {
    if (voters < change.requiredVotes()) {
      throw new ConfigRejectedException(ns, List.of(shortage(voters, change)));
    }
  }

  private static String shortage(int found, Change change) {
    return found + " live instances can vote for it (expected: at least " + change.requiredVotes()
        + ")";
  }

  /** Waits for the votes; what is wrong then, nothing when all accepted. */
  private List<String> collect(Namespace ns, Candidacy candidacy, Instant deadline, Change change)
      throws InterruptedException {
    TreeSet<String> missing = new TreeSet<>(candidacy.voters());
    TreeSet<String> accepted = new TreeSet<>();
    while (true) {
      List<String> rejections = new ArrayList<>();
      for (InstanceReleaseStatus ack : reader.acks(ns)) {
        Optional<InstanceReleaseStatus.Vote> vote = ack.vote()
            .filter(given -> given.sha256().equals(candidacy.manifest().sha256()));
        if (vote.isPresent() && vote.get().accepted()) {
          missing.remove(ack.life());
          accepted.add(ack.life());
        } else if (vote.isPresent()) {
          rejections.add(ack.instance().id() + ": " + vote.get().objection());
        }
      }
      if (!rejections.isEmpty() || missing.isEmpty()) {
        return rejections;
      }
      if (!clock.get().isBefore(deadline)) {
        if (!change.allowsMissing()) {
          return List.of("no vote by " + String.join(", ", missing));
        }
        return accepted.size() < change.requiredVotes()
            ? List.of(shortage(accepted.size(), change))
            : List.of();
      }
      reader.calls().pause(VOTE_INTERVAL);
    }
  }

  private Release accept(Namespace ns, Manifest manifest, DraftUse use, Change change)
      throws InterruptedException {
    return transitions.run(change, publishId -> {
      StoredHead stored = reader.present(ns);
      Head.CandidateRelease candidate = stored.head().candidate();
      if (candidate == null || !candidate.release().equals(manifest.pointer())) {
        throw new ConfigRefusedException(
            ns, "release " + manifest.number() + " is not a candidate any more");
      }
      HeadUpdate edit = HeadUpdate.of(stored.head()).candidate(null).stable(manifest.pointer());
      HeadChange move = HeadChange.of(ns, stored, edit, History.Action.ACCEPT)
          .about(manifest.number())
          .onTrial(manifest.number())
          .called("release " + manifest.number())
          .with(isUnchanged(use) ? use.ops() : List.of())
          .abortGrays(change);
      return HeadTransactions.ChangePlan.of(move, manifest.toRelease(ns));
    });
  }

  /** A draft that was saved while the clients voted holds something else by now, and stays. */
  private static boolean isUnchanged(DraftUse use) throws InterruptedException {
    try {
      use.guard().check();
      return true;
    } catch (ConfigConflictException | ConfigNotFoundException e) {
      return false;
    }
  }
}
