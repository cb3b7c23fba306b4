package io.zookit.scheduler.internal.run;

import io.zookit.scheduler.Fate;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ManualRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.OutcomeRecord;
import io.zookit.scheduler.internal.state.ClaimDesk;
import io.zookit.scheduler.internal.state.JobBook;
import io.zookit.scheduler.internal.state.JobEntry;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.Notice;
import io.zookit.scheduler.internal.zk.Tree;
import io.zookit.scheduler.internal.zk.Tree.Change;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the end records of this node's runs: {@code put(state) drop(run)}, and in the same commit the triggers of
 * followers and a pause after too many failures.
 *
 * <p>An end is written as long as the claim is in the state and the session is the one that claimed. After a refusal or
 * a lost response the state is read first; a claim that is gone from it was ended by another client, and this end is
 * refused. Confined to the loop.
 */
public final class FinishDesk {

  /** Receives the results of end records. */
  public interface Listener {

    /** The end is recorded. */
    void onEnded(JobEntry entry, LiveRun run, RunRecord record);

    /** The claim was lost before: the end is not recorded. */
    void onRefused(LiveRun run);
  }

  private static final class Ending {

    final LiveRun run;
    JobEntry entry;
    final Fate fate;
    final @Nullable String error;
    boolean underWay;

    Ending(LiveRun run, JobEntry entry, Fate fate, @Nullable String error) {
      this.run = run;
      this.entry = entry;
      this.fate = fate;
      this.error = error;
    }
  }

  private final NodeContext context;
  private final JobBook book;
  private final ClaimDesk claims;
  private final Listener listener;
  private final Map<String, Ending> endings = new LinkedHashMap<>();

  public FinishDesk(NodeContext context, JobBook book, ClaimDesk claims, Listener listener) {
    this.context = context;
    this.book = book;
    this.claims = claims;
    this.listener = listener;
  }

  /** Ends a claim; the listener is notified once. */
  public void end(JobEntry entry, LiveRun run, Fate fate, @Nullable String error) {
    Ending ending = new Ending(run, entry, fate, error);
    endings.put(run.claim().id(), ending);
    if (context.isCurrent(run.tree())) {
      attempt(ending, false);
    } else {
      refuse(ending);
    }
  }

  /** The entry was read: ends that wait are tried again. */
  public void onRead(JobEntry entry) {
    for (Ending ending : List.copyOf(endings.values())) {
      if (ending.entry.name.equals(entry.name) && !ending.underWay) {
        ending.entry = entry;
        attempt(ending, true);
      }
    }
  }

  /** Re-reads the jobs of pending ends after a reconnection: the responses to their commits were lost. */
  public void onReconnected() {
    endings.values().forEach(ending -> book.want(ending.entry.name));
  }

  public void onLost() {
    List.copyOf(endings.values()).forEach(this::refuse);
  }

  private void attempt(Ending ending, boolean wasRead) {
    JobEntry entry = ending.entry;
    Optional<ClaimRecord> claim = entry.state.claim(ending.run.claim().id());
    if (claim.isPresent()) {
      send(ending, claim.get());
      return;
    }
    Optional<OutcomeRecord> outcome = entry.state.outcome(ending.run.claim().id());
    if (outcome.isPresent() && outcome.get().fate() != Fate.ORPHANED && isMine(outcome.get())) {
      settle(ending, outcome.get());
    } else if (wasRead) {
      refuse(ending);
    } else {
      book.want(entry.name);
    }
  }

  private boolean isMine(OutcomeRecord outcome) {
    return outcome.owner().equals(context.settings.label()) && !outcome.isEviction();
  }

  private void send(Ending ending, ClaimRecord claim) {
    JobEntry entry = ending.entry;
    Fate fate = worse(claim.partsFate(), ending.fate);
    ClaimRecord last = claim.withAttempt(ending.run.attempt());
    StateRecord next =
        entry.planner().end(entry.state, last, fate, ending.error, context.clock.now());
    List<Change> changes = new ArrayList<>();
    changes.add(claims.put(entry, next));
    changes.add(new Change.Drop(ending.run.runPath(), -1));
    if (claim.kind() == StateRecord.Kind.COMPLETION) {
      changes.add(new Change.Drop(context.paths.parts(entry.name, claim), -1));
    }
    if (ending.run.hasCheckpoint()) {
      changes.add(new Change.Drop(context.paths.checkpoint(entry.name, claim), -1));
    }
    if (entry.planner().pauses(next)) {
      changes.addAll(claims.pause(entry, "too many failures"));
    }
    List<String> followers = fate == Fate.RAN ? followers(entry.name) : List.of();
    followers.forEach(follower -> changes.add(trigger(follower, claim)));
    commit(ending, next, changes, followers);
  }

  private void commit(
      Ending ending, StateRecord next, List<Change> changes, Collection<String> followers) {
    JobEntry entry = ending.entry;
    Tree tree = ending.run.tree();
    ending.underWay = true;
    context.commit(changes, answer -> {
      ending.underWay = false;
      if (!context.isCurrent(tree) || endings.get(ending.run.claim().id()) != ending) {
        return;
      }
      if (answer.isOk()) {
        entry.own = entry.take(next, answer.get().get(0).version());
        followers.forEach(this::announce);
        next.outcome(ending.run.claim().id()).ifPresent(outcome -> settle(ending, outcome));
      } else if (answer.isAnswered()) {
        followers.forEach(book::want);
        context.later(20, () -> book.want(entry.name));
      }
    });
  }

  /**
   * Notifies the other nodes of a follower's trigger; a node that misses the notification finds it the next time it
   * reads the job.
   */
  private void announce(String follower) {
    book.want(follower);
    Notice.of(context, follower, changes -> context.commit(changes, done -> {}));
  }

  private List<String> followers(String job) {
    return book.after(job).stream()
        .filter(entry -> !entry.isDeleted())
        .map(entry -> entry.name)
        .toList();
  }

  private Change trigger(String follower, ClaimRecord claim) {
    Slot now = Slot.at(Instant.ofEpochMilli(context.clock.now()));
    ManualRecord record = new ManualRecord(SlotRecord.of(now), Map.of());
    return new Change.Make(
        context.paths.manual(follower).own("after-" + claim.id()),
        Records.MANUAL.encode(record),
        false);
  }

  public static Fate worse(@Nullable Fate one, Fate other) {
    return one == null || one == Fate.RAN ? other : one;
  }

  private void settle(Ending ending, OutcomeRecord outcome) {
    endings.remove(ending.run.claim().id());
    RunRecord record = outcome.toRun(ending.entry.name, ending.error);
    listener.onEnded(ending.entry, ending.run, record);
  }

  private void refuse(Ending ending) {
    endings.remove(ending.run.claim().id());
    listener.onRefused(ending.run);
  }
}
