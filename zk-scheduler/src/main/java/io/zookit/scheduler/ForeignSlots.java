package io.zookit.scheduler;

import io.zookit.core.FencingToken;
import io.zookit.core.internal.Answer;
import io.zookit.core.internal.CoreClient;
import io.zookit.core.internal.SessionHandle;
import io.zookit.core.internal.ZkPath;
import io.zookit.scheduler.LedgerVerbs.Read;
import io.zookit.scheduler.StateRecord.ClaimRecord;
import io.zookit.scheduler.Tree.Change;
import io.zookit.scheduler.Tree.Found;
import io.zookit.scheduler.Tree.Stamp;
import io.zookit.scheduler.time.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Claims slots for callers who wait; what dead nodes have left is buried by the next claim. */
final class ForeignSlots implements SlotClaims {

  private final CoreClient client;
  private final LedgerCalls calls;
  private final JobPaths paths;
  private final Definitions definitions;

  ForeignSlots(CoreClient client) {
    this.client = client;
    this.calls = new LedgerCalls(client);
    this.paths = new JobPaths(client.rootPath());
    this.definitions = new Definitions(calls, paths);
  }

  /** What came of a try: a claim, or that the slot is not to be had. */
  private record Turn(Optional<SlotClaim> claim) {
    static final Turn PASSED = new Turn(Optional.empty());
  }

  @Override
  public Optional<SlotClaim> tryClaim(String job, Slot slot) throws InterruptedException {
    Job definition = Job.named(job).overlap(Overlap.ALLOW);
    String id = UUID.randomUUID().toString();
    Turn turn = calls.until("slot " + slot + " of " + job, tries -> {
      Optional<List<Found>> found = calls.read(LedgerVerbs.nodesOf(paths, job));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Optional<Read> read = LedgerVerbs.decode(paths, job, found.get());
      if (read.isEmpty() || read.get().def().deleted()) {
        definitions.storeEndless(definition, slot);
        return Optional.empty();
      }
      return attempt(read.get(), slot, id);
    });
    return turn.claim();
  }

  private Optional<Turn> attempt(Read read, Slot slot, String id) throws InterruptedException {
    Optional<ClaimRecord> mine = read.state().claim(id);
    if (mine.isPresent()) {
      return taken(read, mine.get());
    }
    if (Planner.millis(slot) <= read.state().mark()) {
      return Optional.of(Turn.PASSED);
    }
    Optional<Long> now = calls.now();
    return now.isEmpty() ? Optional.empty() : claim(read, slot, id, now.get());
  }

  private Optional<Turn> claim(Read read, Slot slot, String id, long now)
      throws InterruptedException {
    ClaimRecord claim = new ClaimRecord(
        id,
        StateRecord.Kind.RUN,
        SlotRecord.of(slot),
        null,
        client.label(),
        1,
        now,
        read.state().mark(),
        null,
        null,
        read.def().job().overlaps());
    List<Change> changes = new ArrayList<>();
    Optional<StateRecord> buried = bury(read, now, changes);
    if (buried.isEmpty()) {
      return Optional.empty();
    }
    StateRecord next = planner(read).open(buried.get().withMark(Planner.millis(slot)), claim);
    byte[] record = Records.RUN.encode(new Records.RunNodeRecord(client.label(), id));
    changes.add(0, put(read, next));
    changes.add(new Change.Make(paths.run(read.def().job(), claim), record, true));
    Answer<List<Stamp>> done = calls.commit(changes);
    if (!done.isOk()) {
      return Optional.empty();
    }
    long zxid = done.get().get(0).zxid();
    return Optional.of(new Turn(Optional.of(new Held(read.def().job(), claim, zxid))));
  }

  private Change put(Read read, StateRecord next) {
    String job = read.def().job().name();
    return new Change.Put(paths.state(job), Records.STATE.encode(next), read.stateVersion());
  }

  private static Planner planner(Read read) {
    return new Planner(read.def().job(), new Timeline(read.def()), read.control());
  }

  /** The answer to the claim was lost, and it is in the state: mine if its node is of this session. */
  private Optional<Turn> taken(Read read, ClaimRecord claim) throws InterruptedException {
    Optional<List<Found>> run = calls.read(List.of(paths.run(read.def().job(), claim)));
    return run.map(found -> found.get(0).mine()
        ? new Turn(Optional.of(new Held(read.def().job(), claim, found.get(0).zxid())))
        : Turn.PASSED);
  }

  /** Ends the claims whose run nodes are gone; making them proves it. */
  private Optional<StateRecord> bury(Read read, long now, List<Change> changes)
      throws InterruptedException {
    StateRecord state = read.state();
    for (ClaimRecord open : read.state().open()) {
      ZkPath run = paths.run(read.def().job(), open);
      Optional<List<Found>> found = calls.read(List.of(run));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      if (!found.get().get(0).exists()) {
        state = planner(read).end(state, open, Fate.ORPHANED, null, now);
        byte[] record = Records.RUN.encode(new Records.RunNodeRecord(client.label(), open.id()));
        changes.add(new Change.Make(run, record, true));
        changes.add(new Change.Drop(run, -1));
      }
    }
    return Optional.of(state);
  }

  private final class Held implements SlotClaim {

    private final JobRecord job;
    private final ClaimRecord claim;
    private final FencingToken token;
    private final Optional<SessionHandle> session;

    Held(JobRecord job, ClaimRecord claim, long zxid) {
      this.job = job;
      this.claim = claim;
      this.token = client.token(zxid, 0);
      this.session = calls.session();
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
    public boolean end(Fate fate, @Nullable String error) throws InterruptedException {
      return calls.until("end of " + claim.slot().toSlot() + " of " + job.name(), tries -> {
        Optional<List<Found>> found = calls.read(LedgerVerbs.nodesOf(paths, job.name()));
        Optional<Long> now = calls.now();
        if (found.isEmpty() || now.isEmpty()) {
          return Optional.empty();
        }
        Read read = LedgerVerbs.decode(paths, job.name(), found.get()).orElseThrow();
        if (read.state().claim(claim.id()).isEmpty()) {
          return Optional.of(read.state()
              .outcome(claim.id())
              .filter(outcome -> outcome.fate() == fate)
              .isPresent());
        }
        ZkPath run = paths.run(job, claim);
        Optional<List<Found>> node = calls.read(List.of(run));
        if (node.isPresent() && !node.get().get(0).mine()) {
          return Optional.of(false);
        }
        StateRecord next = planner(read).end(read.state(), claim, fate, error, now.get());
        return calls.commit(List.of(put(read, next), new Change.Drop(run, -1))).isOk()
            ? Optional.of(true)
            : Optional.empty();
      });
    }
  }
}
