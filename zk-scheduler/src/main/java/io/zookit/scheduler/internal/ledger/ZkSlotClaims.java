package io.zookit.scheduler.internal.ledger;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SlotClaims;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.ledger.LedgerRequests.SessionReply;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.state.JobSnapshot;
import io.zookit.scheduler.internal.state.JobStateWriter;
import io.zookit.scheduler.internal.state.JobStateWriter.ClaimStatus;
import io.zookit.scheduler.internal.state.StateChange;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.Stamp;
import io.zookit.scheduler.time.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims slots for blocking callers; the next claim of a job records the orphaned claims of dead nodes. */
public final class ZkSlotClaims implements SlotClaims {

  private static final Logger log = LoggerFactory.getLogger(ZkSlotClaims.class);
  private static final Duration RETRY = Duration.ofMillis(200);

  private final CoreClient client;
  private final LedgerRequests calls;
  private final JobPaths paths;
  private final Definitions definitions;
  private final JobStateWriter writer;
  private volatile boolean closed;

  public ZkSlotClaims(CoreClient client) {
    this.client = client;
    this.calls = new LedgerRequests(client);
    this.paths = new JobPaths(client.rootPath());
    this.definitions = new Definitions(calls, paths);
    this.writer = new JobStateWriter(paths, client.label());
  }

  /** Result of an attempt: a claim, or empty if the slot is not available. */
  private record ClaimAttempt(Optional<SlotClaim> claim) {
    static final ClaimAttempt PASSED = new ClaimAttempt(Optional.empty());
  }

  @Override
  public Optional<SlotClaim> tryClaim(String job, Slot slot) throws InterruptedException {
    client.requireTrusted();
    Job definition = Job.named(job).overlap(Overlap.ALLOW);
    String id = UUID.randomUUID().toString();
    try {
      return tryClaim(definition, slot, id);
    } catch (InterruptedException | RuntimeException e) {
      endLater(job, id, SlotOutcome.ORPHANED, null);
      throw e;
    }
  }

  private Optional<SlotClaim> tryClaim(Job definition, Slot slot, String id)
      throws InterruptedException {
    String job = definition.name();
    ClaimAttempt turn = calls.until("slot " + slot + " of " + job, tries -> {
      Optional<List<Found>> found = calls.read(ReadJob.nodesOf(paths, job));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Optional<ReadJob> read = ReadJob.decode(paths, job, found.get());
      if (read.isEmpty() || read.get().job().def().deleted()) {
        definitions.storeEndless(definition, slot);
        return Optional.empty();
      }
      return attempt(read.get(), slot, id);
    });
    return turn.claim();
  }

  private Optional<ClaimAttempt> attempt(ReadJob read, Slot slot, String id)
      throws InterruptedException {
    Optional<ClaimRecord> mine = read.job().state().claim(id);
    if (mine.isPresent()) {
      return taken(read, mine.get());
    }
    if (Planner.millis(slot) <= read.job().state().watermark()) {
      return Optional.of(ClaimAttempt.PASSED);
    }
    Optional<Long> now = calls.now();
    return now.isEmpty() ? Optional.empty() : claim(read, slot, id, now.get());
  }

  private Optional<ClaimAttempt> claim(ReadJob read, Slot slot, String id, long now)
      throws InterruptedException {
    ClaimRecord claim = new ClaimRecord(
        id,
        StateRecord.Kind.RUN,
        SlotRecord.of(slot),
        null,
        client.label(),
        1,
        now,
        read.job().state().watermark(),
        null,
        null,
        read.job().job().overlaps(),
        null);
    Optional<List<ClaimRecord>> orphans = orphans(read);
    if (orphans.isEmpty()) {
      return Optional.empty();
    }
    client.requireTrusted();
    StateChange orphaned = writer.orphan(read.job(), orphans.get(), List.of(), now);
    StateChange change = writer.claim(
        read.job(),
        orphaned.next().withWatermark(Planner.millis(slot)),
        claim,
        List.of(),
        orphaned.others());
    SessionReply<List<Stamp>> done = calls.commitInSession(change.operations());
    return done.answer().isOk()
        ? held(read, claim, done.answer().get().get(0).zxid(), done.session())
        : Optional.empty();
  }

  private Optional<ClaimAttempt> held(
      ReadJob read, ClaimRecord claim, long zxid, SessionHandle session) {
    String job = read.job().job().name();
    FencingToken token = client.token(zxid, 0);
    return Optional.of(new ClaimAttempt(Optional.of(new ZkSlotClaim(job, claim, token, session))));
  }

  /** The answer to the claim was lost, and it is in the state: mine if its node is of this session. */
  private Optional<ClaimAttempt> taken(ReadJob read, ClaimRecord claim)
      throws InterruptedException {
    SessionReply<List<Found>> run = calls.readInSession(paths.run(read.job().job(), claim));
    if (!run.answer().isOk()) {
      return Optional.empty();
    }
    Found node = run.answer().get().get(0);
    return JobStateWriter.isHeld(read.job().state(), claim, node)
        ? held(read, claim, node.zxid(), run.session())
        : Optional.of(ClaimAttempt.PASSED);
  }

  /** One try to end a claim of the session in use: whether it has that end, or none when that is not known. */
  private Optional<Boolean> tryEnd(
      String job, String id, SlotOutcome outcome, @Nullable String error)
      throws InterruptedException {
    Optional<List<Found>> found = calls.read(ReadJob.nodesOf(paths, job));
    Optional<Long> now = calls.now();
    if (found.isEmpty() || now.isEmpty()) {
      return Optional.empty();
    }
    Optional<ReadJob> read = ReadJob.decode(paths, job, found.get());
    if (read.isEmpty()) {
      return Optional.of(false);
    }
    JobSnapshot known = read.get().job();
    ClaimStatus status = writer.statusOf(known.state(), id, outcome);
    Optional<ClaimRecord> claim = known.state().claim(id);
    if (status == ClaimStatus.LOST) {
      return calls
          .withPast(read.get())
          .map(past -> writer.ownEnd(past.recent(), id, outcome).isPresent());
    }
    if (status != ClaimStatus.OPEN || claim.isEmpty()) {
      return Optional.of(status == ClaimStatus.ENDED);
    }
    ZkPath run = paths.run(known.job(), claim.get());
    Optional<List<Found>> node = calls.read(List.of(run));
    if (node.isEmpty()
        || !JobStateWriter.isHeld(known.state(), claim.get(), node.get().get(0))) {
      return node.map(notMine -> false);
    }
    int attempt = claim.get().attempt();
    StateChange change =
        writer.end(known, claim.get(), run, attempt, outcome, error, List.of(), now.get());
    Answer<List<Stamp>> done = calls.commit(writer.movingRanges(known, change).operations());
    if (done.isAnswered() && !done.isOk() && done.code() != Code.BADVERSION) {
      done = calls.commit(writer.skippingRanges(known, change).operations());
    }
    return done.isOk() ? Optional.of(true) : Optional.empty();
  }

  /**
   * Ends a claim whose caller has abandoned it, if it was committed: its run node belongs to a live session, so no
   * other client will find it orphaned. Retried until the result is known, for as long as the client is open.
   */
  private void endLater(String job, String id, SlotOutcome outcome, @Nullable String error) {
    client
        .timekeeper()
        .after(RETRY, () -> client.loop().execute(() -> endOnceConnected(job, id, outcome, error)));
  }

  /** Leaves the threads of the client to others as long as there is no session. */
  private void endOnceConnected(
      String job, String id, SlotOutcome outcome, @Nullable String error) {
    if (closed) {
      return;
    }
    if (client.handle().isPresent()) {
      client.executor().execute(() -> endInBackground(job, id, outcome, error));
    } else {
      endLater(job, id, outcome, error);
    }
  }

  private void endInBackground(String job, String id, SlotOutcome outcome, @Nullable String error) {
    try {
      if (tryEnd(job, id, outcome, error).isEmpty()) {
        endLater(job, id, outcome, error);
      }
    } catch (ZkUnavailableException e) {
      endLater(job, id, outcome, error);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("{}: the end of a claim that was given up cannot be recorded", job, e);
    }
  }

  public void close() {
    closed = true;
  }

  /** Returns the claims without a run node; empty if that is not known. */
  private Optional<List<ClaimRecord>> orphans(ReadJob read) throws InterruptedException {
    List<ClaimRecord> open = read.job().state().open();
    if (open.isEmpty()) {
      return Optional.of(List.of());
    }
    List<ZkPath> runs =
        open.stream().map(claim -> paths.run(read.job().job(), claim)).toList();
    Optional<List<Found>> found = calls.read(runs);
    return found.map(nodes -> IntStream.range(0, open.size())
        .filter(i -> !nodes.get(i).exists())
        .mapToObj(open::get)
        .toList());
  }

  private final class ZkSlotClaim implements SlotClaim {

    private final String job;
    private final ClaimRecord claim;
    private final FencingToken token;
    private final SessionHandle session;

    ZkSlotClaim(String job, ClaimRecord claim, FencingToken token, SessionHandle session) {
      this.job = job;
      this.claim = claim;
      this.token = token;
      this.session = session;
    }

    @Override
    public FencingToken token() {
      return token;
    }

    @Override
    public boolean isValid() {
      return session.isSafe();
    }

    @Override
    public boolean end(SlotOutcome outcome, @Nullable String error) throws InterruptedException {
      try {
        return calls.until(
            "end of " + claim.slot().toSlot() + " of " + job,
            tries -> tryEnd(job, claim.id(), outcome, error));
      } catch (InterruptedException | RuntimeException e) {
        endLater(job, claim.id(), outcome, error);
        throw e;
      }
    }
  }
}
