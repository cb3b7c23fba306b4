package io.zookit.scheduler.internal.state;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.ExecRecord;
import io.zookit.scheduler.internal.records.Records.PauseRecord;
import io.zookit.scheduler.internal.records.Records.ShardRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.Kind;
import io.zookit.scheduler.internal.rules.Plan;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.Ranking;
import io.zookit.scheduler.internal.state.CachedJob.Trigger;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Stamp;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commits by which a slot is claimed, passed or given up.
 *
 * <pre>
 *   claim    put(state) check(def) check(ctl) make(run)   [+ drop(manual/id)]
 *   pass     put(state) check(def)
 *   verdict  put(state) make(run) drop(run)   [+ drops]   or, to run it again: put(state) make(run)
 *   evict    put(state) check(def) check(ctl) drop(run) make(run)   [+ drops]
 * </pre>
 *
 * <p>Every commit begins with the state in the version it was decided from, so of two that decide about one job only one
 * is taken. When the answer is lost the entry stays busy until the state has been read behind a {@code sync}; a claim is
 * mine only when its id is in the state <i>and</i> the run node is of my present session. Lives on the loop.
 */
public final class SlotClaimer {

  /** Receives the results of commits. */
  public interface Listener {

    /** A claim is mine. */
    void onMine(CachedJob entry, ClaimRecord claim, long zxid, long stamp);

    /** The state was written; there may be more to do. */
    void onWritten(CachedJob entry);

    /** Another node was first, or the job has changed: it must be read again. */
    void onRefused(CachedJob entry);
  }

  private final NodeContext context;
  private final Supplier<String> ids;
  private final Listener listener;

  public SlotClaimer(NodeContext context, Supplier<String> ids, Listener listener) {
    this.context = context;
    this.ids = ids;
    this.listener = listener;
  }

  public String newId() {
    return ids.get();
  }

  /** Claims the slot of a plan. */
  public void claim(CachedJob entry, Plan plan, Slot slot) {
    count(plan);
    ClaimRecord claim =
        newClaim(entry.job(), kindOf(entry), SlotRecord.of(slot), null, plan.from(), Map.of());
    open(entry, entry.planner().open(plan.state(), claim), claim, List.of());
  }

  /** Takes away a trigger that came after its run; it would be run again when the ledger has forgotten that. */
  public void discard(CachedJob entry, Trigger taken) {
    ZkPath node = context.paths.manual(entry.name).own(taken.id());
    context.commit(
        List.of(
            new WriteOp.Check(context.paths.state(entry.name), entry.stateVersion),
            new WriteOp.Drop(node, -1)),
        done -> {}); // refused, it is tried again when the job is read again
  }

  /** Claims a manually triggered run. */
  public void claim(CachedJob entry, Trigger trigger) {
    SlotRecord slot = trigger.record().slot();
    ClaimRecord claim = newClaim(
        entry.job(),
        kindOf(entry),
        slot,
        trigger.id(),
        slot.at(),
        trigger.record().parameters());
    ZkPath node = context.paths.manual(entry.name).own(trigger.id());
    open(
        entry,
        entry.planner().open(entry.state, claim),
        claim,
        List.of(new WriteOp.Drop(node, -1)));
  }

  private static Kind kindOf(CachedJob entry) {
    return entry.job().mode() == JobMode.EXCLUSIVE ? Kind.RUN : Kind.SHARDS;
  }

  private ClaimRecord newClaim(
      JobRecord job,
      Kind kind,
      SlotRecord slot,
      @Nullable String manual,
      long from,
      Map<String, String> parameters) {
    return new ClaimRecord(
        ids.get(),
        kind,
        slot,
        manual,
        context.settings.label(),
        1,
        context.clock.now(),
        from,
        parameters.isEmpty() ? null : parameters,
        null,
        job.overlaps(),
        context.nodeName);
  }

  private void open(CachedJob entry, StateRecord next, ClaimRecord claim, List<WriteOp> more) {
    List<WriteOp> changes = new ArrayList<>(more.size() + 4);
    changes.add(put(entry, next));
    changes.add(new WriteOp.Check(context.paths.def(entry.name), entry.defVersion));
    changes.add(new WriteOp.Check(context.paths.ctl(entry.name), entry.controlVersion));
    if (claim.kind() == Kind.SHARDS) {
      ZkPath exec = context.paths.shards(entry.name, claim);
      byte[] record = Records.EXEC.encode(opened(entry.job(), claim, context.ranking));
      changes.add(new WriteOp.Make(exec, record, false));
    } else {
      changes.add(makeRun(entry, claim));
    }
    changes.addAll(more);
    commit(entry, next, claim, changes);
  }

  /** Returns the record of a slot in shards, none of which is claimed. */
  private static ExecRecord opened(JobRecord job, ClaimRecord claim, Ranking ranking) {
    List<ShardRecord> shards = new ArrayList<>();
    List<String> members = new ArrayList<>();
    if (job.mode() == JobMode.BROADCAST) {
      for (String node : ranking.capable(job)) {
        shards.add(new ShardRecord(node, null, null, 0, null, null));
        members.add(node);
      }
    } else {
      for (int i = 0; i < job.shards(); i++) {
        shards.add(new ShardRecord(null, null, null, 0, null, null));
      }
    }
    return new ExecRecord(claim.id(), shards, members);
  }

  /** Writes the outcomes of slots that are not run. */
  public void pass(CachedJob entry, Plan plan) {
    count(plan);
    commit(
        entry,
        plan.state(),
        null,
        List.of(
            put(entry, plan.state()),
            new WriteOp.Check(context.paths.def(entry.name), entry.defVersion)));
  }

  private void count(Plan plan) {
    if (plan.passed() > 0) {
      context.settings.meters().count("zookit.scheduler.passed", plan.passed());
      context.settings.meters().count("zookit.scheduler.missed", plan.missed());
    }
  }

  /** Runs again what a dead node has left. */
  public void rerun(CachedJob entry, ClaimRecord orphan) {
    ClaimRecord again = orphan.again(ids.get(), context.settings.label(), context.clock.now());
    StateRecord next = entry.planner().reopen(entry.state, orphan, again);
    commit(entry, next, again, List.of(put(entry, next), makeRun(entry, again)));
  }

  /**
   * Finds the obsolete nodes that a claim leaves behind and passes the operations that delete them to {@code next}. If
   * they cannot be read, or the claim has disappeared meanwhile, the job is read again instead.
   */
  private void withLeftovers(
      CachedJob entry, ClaimRecord claim, BiConsumer<ClaimRecord, List<WriteOp>> next) {
    SessionTree tree = context.tree;
    if (tree == null) {
      return;
    }
    List<ZkPath> left = new ArrayList<>(List.of(context.paths.checkpoint(entry.name, claim)));
    if (claim.kind() == StateRecord.Kind.COMPLETION) {
      left.add(context.paths.shards(entry.name, claim));
    }
    entry.busy = true;
    tree.read(left, read -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      entry.busy = false;
      if (!read.isOk() || entry.state.claim(claim.id()).isEmpty()) {
        listener.onRefused(entry);
        return;
      }
      List<WriteOp> drops = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        if (read.get().get(i).exists()) {
          drops.add(new WriteOp.Drop(left.get(i), -1));
        }
      }
      next.accept(claim, drops);
    });
  }

  /** Records that a dead node has left a run; making its run node proves that there was none. */
  public void markOrphaned(CachedJob entry, ClaimRecord orphan) {
    withLeftovers(entry, orphan, (claim, drops) -> markOrphaned(entry, claim, drops));
  }

  private void markOrphaned(CachedJob entry, ClaimRecord orphan, List<WriteOp> drops) {
    StateRecord next =
        entry.planner().end(entry.state, orphan, SlotOutcome.ORPHANED, null, context.clock.now());
    ZkPath run = context.paths.run(entry.job(), orphan);
    List<WriteOp> changes = new ArrayList<>();
    changes.add(put(entry, next));
    changes.add(makeRun(entry, orphan));
    changes.add(new WriteOp.Drop(run, -1));
    changes.addAll(drops);
    boolean manual = entry.job().policies().onDeath() == OnDeath.Policy.MANUAL;
    if ((manual && !entry.control.isPaused()) || entry.planner().pauses(next)) {
      changes.addAll(pause(entry, manual ? "a run was orphaned" : "too many failures"));
    }
    entry.untold = next.ended(orphan.id()).orElse(null);
    commit(entry, next, null, changes);
  }

  /** Takes the place of a run that does not end. */
  public void evict(CachedJob entry, ClaimRecord old) {
    withLeftovers(entry, old, (claim, drops) -> evict(entry, claim, drops));
  }

  private void evict(CachedJob entry, ClaimRecord old, List<WriteOp> drops) {
    Planner planner = entry.planner();
    long now = context.clock.now();
    StateRecord ended = planner.end(entry.state, old, SlotOutcome.FAILED, StateRecord.EVICTED, now);
    Plan plan = planner.plan(ended, now, true, now);
    Slot slot = plan.start();
    if (slot == null) {
      return;
    }
    ClaimRecord claim =
        newClaim(entry.job(), Kind.RUN, SlotRecord.of(slot), null, plan.from(), Map.of());
    StateRecord next = planner.open(plan.state(), claim);
    List<WriteOp> changes = new ArrayList<>();
    changes.add(put(entry, next));
    changes.add(new WriteOp.Check(context.paths.def(entry.name), entry.defVersion));
    changes.add(new WriteOp.Check(context.paths.ctl(entry.name), entry.controlVersion));
    changes.add(new WriteOp.Drop(context.paths.run(entry.job(), old), -1));
    changes.add(makeRun(entry, claim));
    changes.addAll(drops);
    commit(entry, next, claim, changes);
  }

  /** Asks the owner of a run to end it. */
  public void requestCancel(CachedJob entry, ClaimRecord claim) {
    if (entry.asking) {
      return;
    }
    entry.asking = true;
    ControlRecord control =
        new ControlRecord(claim.id(), context.clock.now(), entry.control.pauses());
    ChangeNotification.of(context, entry.name, changes -> {
      changes.add(
          0,
          new WriteOp.Put(
              context.paths.ctl(entry.name),
              Records.CONTROL.encode(control),
              entry.controlVersion));
      context.commit(changes, done -> {
        entry.asking = false;
        listener.onRefused(entry);
      });
    });
  }

  /** The changes that pause a job. */
  public List<WriteOp> pause(CachedJob entry, String reason) {
    List<PauseRecord> pauses = new ArrayList<>(entry.control.pauses());
    pauses.add(new PauseRecord(context.clock.now() + 1, null, reason));
    ControlRecord control =
        new ControlRecord(entry.control.cancel(), entry.control.cancelAt(), pauses);
    return List.of(new WriteOp.Put(
        context.paths.ctl(entry.name), Records.CONTROL.encode(control), entry.controlVersion));
  }

  public WriteOp put(CachedJob entry, StateRecord next) {
    return new WriteOp.Put(
        context.paths.state(entry.name), Records.STATE.encode(next), entry.stateVersion);
  }

  private WriteOp makeRun(CachedJob entry, ClaimRecord claim) {
    byte[] record =
        Records.RUN.encode(new Records.RunNodeRecord(context.settings.label(), claim.id()));
    return new WriteOp.Make(context.paths.run(entry.job(), claim), record, true);
  }

  private void commit(
      CachedJob entry, StateRecord next, @Nullable ClaimRecord claim, List<WriteOp> changes) {
    SessionTree tree = context.tree;
    entry.busy = true;
    entry.unanswered = claim;
    context.commit(changes, answer -> {
      if (tree != null && context.isCurrent(tree)) {
        onAnswer(entry, next, claim, answer);
      }
    });
  }

  private void onAnswer(
      CachedJob entry, StateRecord next, @Nullable ClaimRecord claim, Answer<List<Stamp>> answer) {
    if (!answer.isAnswered() && answer.sent()) {
      entry.inDoubt = true;
      return;
    }
    entry.busy = false;
    entry.unanswered = null;
    entry.untold = null;
    if (!answer.isOk()) {
      entry.own = false;
      listener.onRefused(entry);
      return;
    }
    Stamp stamp = answer.get().get(0);
    entry.own = entry.take(next, stamp.version());
    if (claim != null) {
      listener.onMine(entry, claim, stamp.zxid(), stamp.mtime());
    } else {
      listener.onWritten(entry);
    }
  }

  /** The entry was read after a lost answer: now it is known what became of the commit. */
  public void resolve(CachedJob entry) {
    ClaimRecord claim = entry.unanswered;
    entry.inDoubt = false;
    entry.busy = false;
    entry.unanswered = null;
    if (claim == null || entry.state.claim(claim.id()).isEmpty()) {
      return;
    }
    SessionTree.Found node = entry.runNodes.get(claim.id());
    if (claim.kind() == Kind.SHARDS) {
      listener.onMine(entry, claim, 0, 0);
    } else if (node != null && node.exists() && node.mine()) {
      listener.onMine(entry, claim, node.zxid(), node.mtime());
    }
  }
}
