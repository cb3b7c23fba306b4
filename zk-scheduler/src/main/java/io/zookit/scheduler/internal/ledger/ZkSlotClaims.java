package io.zookit.scheduler.internal.ledger;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SlotClaims;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.ledger.LedgerRequests.SessionReply;
import io.zookit.scheduler.internal.ledger.ZkJobLedger.Read;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.Stamp;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
  private volatile boolean closed;

  public ZkSlotClaims(CoreClient client) {
    this.client = client;
    this.calls = new LedgerRequests(client);
    this.paths = new JobPaths(client.rootPath());
    this.definitions = new Definitions(calls, paths);
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
      Optional<List<Found>> found = calls.read(ZkJobLedger.nodesOf(paths, job));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Optional<Read> read = ZkJobLedger.decode(paths, job, found.get());
      if (read.isEmpty() || read.get().def().deleted()) {
        definitions.storeEndless(definition, slot);
        return Optional.empty();
      }
      return attempt(read.get(), slot, id);
    });
    return turn.claim();
  }

  private Optional<ClaimAttempt> attempt(Read read, Slot slot, String id)
      throws InterruptedException {
    Optional<ClaimRecord> mine = read.state().claim(id);
    if (mine.isPresent()) {
      return taken(read, mine.get());
    }
    if (Planner.millis(slot) <= read.state().watermark()) {
      return Optional.of(ClaimAttempt.PASSED);
    }
    Optional<Long> now = calls.now();
    return now.isEmpty() ? Optional.empty() : claim(read, slot, id, now.get());
  }

  private Optional<ClaimAttempt> claim(Read read, Slot slot, String id, long now)
      throws InterruptedException {
    ClaimRecord claim = new ClaimRecord(
        id,
        StateRecord.Kind.RUN,
        SlotRecord.of(slot),
        null,
        client.label(),
        1,
        now,
        read.state().watermark(),
        null,
        null,
        read.def().job().overlaps(),
        null);
    List<WriteOp> changes = new ArrayList<>();
    Optional<StateRecord> buried = markOrphaned(read, now, changes);
    if (buried.isEmpty()) {
      return Optional.empty();
    }
    client.requireTrusted();
    StateRecord next = planner(read).open(buried.get().withWatermark(Planner.millis(slot)), claim);
    byte[] record = Records.RUN.encode(new Records.RunNodeRecord(client.label(), id));
    changes.add(0, put(read, next));
    changes.add(new WriteOp.Make(paths.run(read.def().job(), claim), record, true));
    SessionReply<List<Stamp>> done = calls.commitInSession(changes);
    return done.answer().isOk()
        ? held(read, claim, done.answer().get().get(0).zxid(), done.session())
        : Optional.empty();
  }

  private Optional<ClaimAttempt> held(
      Read read, ClaimRecord claim, long zxid, Optional<SessionHandle> session) {
    String job = read.def().job().name();
    FencingToken token = client.token(zxid, 0);
    return Optional.of(new ClaimAttempt(Optional.of(new ZkSlotClaim(job, claim, token, session))));
  }

  private WriteOp put(Read read, StateRecord next) {
    String job = read.def().job().name();
    return new WriteOp.Put(paths.state(job), Records.STATE.encode(next), read.stateVersion());
  }

  private static Planner planner(Read read) {
    return new Planner(read.def().job(), new ScheduleTimeline(read.def()), read.control());
  }

  /** The answer to the claim was lost, and it is in the state: mine if its node is of this session. */
  private Optional<ClaimAttempt> taken(Read read, ClaimRecord claim) throws InterruptedException {
    SessionReply<List<Found>> run = calls.readInSession(paths.run(read.def().job(), claim));
    if (!run.answer().isOk()) {
      return Optional.empty();
    }
    Found node = run.answer().get().get(0);
    return node.mine()
        ? held(read, claim, node.zxid(), run.session())
        : Optional.of(ClaimAttempt.PASSED);
  }

  /** One try to end a claim of the session in use: whether it has that end, or none when that is not known. */
  private Optional<Boolean> tryEnd(
      String job, String id, SlotOutcome outcome, @Nullable String error)
      throws InterruptedException {
    Optional<List<Found>> found = calls.read(ZkJobLedger.nodesOf(paths, job));
    Optional<Long> now = calls.now();
    if (found.isEmpty() || now.isEmpty()) {
      return Optional.empty();
    }
    Optional<Read> read = ZkJobLedger.decode(paths, job, found.get());
    Optional<ClaimRecord> claim = read.flatMap(each -> each.state().claim(id));
    if (read.isEmpty() || claim.isEmpty()) {
      return Optional.of(read.flatMap(each -> each.state().ended(id))
          .filter(ended -> ended.outcome() == outcome)
          .isPresent());
    }
    ZkPath run = paths.run(read.get().def().job(), claim.get());
    Optional<List<Found>> node = calls.read(List.of(run));
    if (node.isEmpty() || !node.get().get(0).mine()) {
      return node.map(notMine -> false);
    }
    StateRecord next =
        planner(read.get()).end(read.get().state(), claim.get(), outcome, error, now.get());
    boolean done =
        calls.commit(List.of(put(read.get(), next), new WriteOp.Drop(run, -1))).isOk();
    return done ? Optional.of(true) : Optional.empty();
  }

  /**
   * Ends a claim whose caller has abandoned it, if it was committed: its run node belongs to a live session, so no
   * other client will find it orphaned. Retried until the result is known, for as long as the client is open.
   */
  private void endLater(String job, String id, SlotOutcome outcome, @Nullable String error) {
    client.timekeeper().after(RETRY, () -> {
      if (!closed) {
        client.executor().execute(() -> endInBackground(job, id, outcome, error));
      }
    });
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

  /** Ends the claims whose run nodes are gone; making them proves it. */
  private Optional<StateRecord> markOrphaned(Read read, long now, List<WriteOp> changes)
      throws InterruptedException {
    StateRecord state = read.state();
    for (ClaimRecord open : read.state().open()) {
      ZkPath run = paths.run(read.def().job(), open);
      Optional<List<Found>> found = calls.read(List.of(run));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      if (!found.get().get(0).exists()) {
        state = planner(read).end(state, open, SlotOutcome.ORPHANED, null, now);
        byte[] record = Records.RUN.encode(new Records.RunNodeRecord(client.label(), open.id()));
        changes.add(new WriteOp.Make(run, record, true));
        changes.add(new WriteOp.Drop(run, -1));
      }
    }
    return Optional.of(state);
  }

  private final class ZkSlotClaim implements SlotClaim {

    private final String job;
    private final ClaimRecord claim;
    private final FencingToken token;
    private final Optional<SessionHandle> session;

    ZkSlotClaim(
        String job, ClaimRecord claim, FencingToken token, Optional<SessionHandle> session) {
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
      return session.isPresent() && session.get().isSafe();
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
