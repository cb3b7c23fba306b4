package io.zookit.scheduler.internal.state;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.Kind;
import io.zookit.scheduler.internal.rules.Plan;
import io.zookit.scheduler.internal.rules.Planner;
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
 * Sends the transactions by which this node claims, passes and orphans slots, as {@link JobStateWriter} forms them.
 *
 * <p>There is at most one for a job at a time. When its answer is lost the job stays busy until the state has been read
 * behind a {@code sync}. Confined to the loop.
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
  private final JobStateWriter writer;

  public SlotClaimer(NodeContext context, Supplier<String> ids, Listener listener) {
    this.context = context;
    this.ids = ids;
    this.listener = listener;
    this.writer = new JobStateWriter(context.paths, context.settings.label());
  }

  public String newId() {
    return ids.get();
  }

  /** Claims the slot of a plan. */
  public void claim(CachedJob entry, Plan plan, Slot slot) {
    count(plan);
    ClaimRecord claim =
        newClaim(entry.job(), kindOf(entry), SlotRecord.of(slot), null, plan.from(), Map.of());
    open(entry, plan.state(), claim, List.of());
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
    open(entry, entry.state, claim, List.of(new WriteOp.Drop(node, -1)));
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

  private void open(CachedJob entry, StateRecord planned, ClaimRecord claim, List<WriteOp> more) {
    List<String> members =
        claim.kind() == Kind.SHARDS ? context.ranking.capable(entry.job()) : List.of();
    commit(entry, writer.claim(entry.snapshot(), planned, claim, members, more));
  }

  /** Records the outcomes of slots that are not run. */
  public void pass(CachedJob entry, Plan plan) {
    count(plan);
    commit(entry, writer.pass(entry.snapshot(), plan.state()));
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
    commit(entry, writer.rerun(entry.snapshot(), orphan, again));
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
    StateChange change =
        writer.orphan(entry.snapshot(), List.of(orphan), drops, context.clock.now());
    entry.untold = change.endOf(orphan).orElse(null);
    commit(entry, change);
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
    commit(entry, writer.evict(entry.snapshot(), old, plan.state(), claim, drops));
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

  private void commit(CachedJob entry, StateChange change) {
    SessionTree tree = context.tree;
    entry.busy = true;
    entry.unanswered = change.claim();
    context.commit(change.operations(), answer -> {
      if (tree != null && context.isCurrent(tree)) {
        onAnswer(entry, change, answer);
      }
    });
  }

  private void onAnswer(CachedJob entry, StateChange change, Answer<List<Stamp>> answer) {
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
    entry.own = entry.take(change.next(), stamp.version());
    ClaimRecord claim = change.claim();
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
    if (claim == null) {
      return;
    }
    SessionTree.Found node = entry.runNodes.get(claim.id());
    if (JobStateWriter.isHeld(entry.state, claim, node)) {
      SessionTree.Found run =
          node != null && claim.kind() != Kind.SHARDS ? node : SessionTree.Found.ABSENT;
      listener.onMine(entry, claim, run.zxid(), run.mtime());
    }
  }
}
