package io.zookit.scheduler.internal.state;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.RangeSplit;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.ExecRecord;
import io.zookit.scheduler.internal.records.Records.PauseRecord;
import io.zookit.scheduler.internal.records.Records.ShardRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.records.StateRecord.Kind;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of a job's state: the transactions that claim, pass, repeat, orphan, evict and end slots, and what became
 * of one whose answer was lost.
 *
 * <pre>
 *   claim    put(state) check(def) check(ctl) make(run | exec/slot)   [+ drop(manual/id)] [+ orphans]
 *   pass     put(state) check(def)
 *   rerun    put(state) make(run)
 *   orphan   put(state) make(run) drop(run)                            [+ drops] [+ put(ctl)]
 *   evict    put(state) check(def) check(ctl) drop(run) make(run)      [+ drops]
 *   end      put(state) drop(run)                                      [+ drops] [+ put(ctl)] [+ triggers]
 *            [+ make(ends-n | outcomes-n)] [+ drop(the oldest of them)]
 * </pre>
 *
 * <p>Every transaction begins with the state in the version it was decided from, so of two that decide about one job only
 * one is committed. Creating a run node proves that it was absent. After a lost answer the state is read behind a {@code
 * sync}: a claim is held only if its id is in the state <i>and</i> the run node belongs to the present session; an end was
 * recorded only if the state has the end of that claim by the same owner.
 *
 * <p>The writer sends nothing. The loop of a node and callers that wait send its transactions each in their own way. Pure.
 *
 * @param owner the label of the node or client, for display and for recognizing its own ends
 */
public record JobStateWriter(JobPaths paths, String owner) {

  /** Status of a claim. */
  public enum ClaimStatus {
    /** Its end is to be recorded. */
    OPEN,
    /** Its owner has recorded its end. */
    ENDED,
    /** Another client has ended it, or has taken the slot. */
    LOST
  }

  /**
   * Opens a claim.
   *
   * @param planned the state that the claim is added to: slots that were passed have their outcomes
   * @param members the nodes that can run the job, of which each gets a shard of a broadcast
   * @param more further operations
   */
  public StateChange claim(
      JobSnapshot job,
      StateRecord planned,
      ClaimRecord claim,
      List<String> members,
      List<WriteOp> more) {
    StateRecord next = job.planner().open(planned, claim);
    List<WriteOp> operations = new ArrayList<>(more.size() + 4);
    operations.add(put(job, next));
    addChecks(operations, job);
    if (claim.kind() == Kind.SHARDS) {
      byte[] record = Records.EXEC.encode(opened(job.job(), claim, members));
      operations.add(new WriteOp.Make(paths.shards(job.name(), claim), record, false));
    } else {
      operations.add(makeRun(job, claim));
    }
    operations.addAll(more);
    return new StateChange(next, operations, claim);
  }

  /** Records the outcomes of slots that are not run. */
  public StateChange pass(JobSnapshot job, StateRecord planned) {
    List<WriteOp> operations =
        List.of(put(job, planned), new WriteOp.Check(paths.def(job.name()), job.defVersion()));
    return new StateChange(planned, operations, null);
  }

  /** Replaces the claim of a run that was orphaned by the next attempt. */
  public StateChange rerun(JobSnapshot job, ClaimRecord orphan, ClaimRecord again) {
    StateRecord next = job.planner().reopen(job.state(), orphan, again);
    return new StateChange(next, List.of(put(job, next), makeRun(job, again)), again);
  }

  /**
   * Records that runs have no owner any more, which is proved by the creation of their run nodes.
   *
   * @param drops deletions of what the runs leave behind
   */
  public StateChange orphan(
      JobSnapshot job, List<ClaimRecord> orphans, List<WriteOp> drops, long now) {
    StateRecord next = job.state();
    List<WriteOp> proofs = new ArrayList<>();
    for (ClaimRecord orphan : orphans) {
      next = job.planner().end(next, orphan, SlotOutcome.ORPHANED, null, now);
      proofs.add(makeRun(job, orphan));
      proofs.add(new WriteOp.Drop(runOf(job, orphan), -1));
    }
    List<WriteOp> operations = new ArrayList<>();
    operations.add(put(job, next));
    operations.addAll(proofs);
    operations.addAll(drops);
    boolean manual = job.job().policies().onDeath() == OnDeath.Policy.MANUAL && !orphans.isEmpty();
    if ((manual && !job.control().isPaused()) || job.planner().pauses(next)) {
      operations.add(pause(job, manual ? "a run was orphaned" : "too many failures", now));
    }
    return new StateChange(next, operations, null);
  }

  /**
   * Takes the place of a run that does not end.
   *
   * @param planned the state in which the old run has its end, and the slots before the new claim have their outcomes
   */
  public StateChange evict(
      JobSnapshot job,
      ClaimRecord old,
      StateRecord planned,
      ClaimRecord claim,
      List<WriteOp> drops) {
    StateRecord next = job.planner().open(planned, claim);
    List<WriteOp> operations = new ArrayList<>();
    operations.add(put(job, next));
    addChecks(operations, job);
    operations.add(new WriteOp.Drop(runOf(job, old), -1));
    operations.add(makeRun(job, claim));
    operations.addAll(drops);
    return new StateChange(next, operations, claim);
  }

  /**
   * Records the end of a run.
   *
   * @param claim the claim as it is in the state
   * @param run its run node
   * @param attempt the last attempt
   * @param outcome of the code; a slot whose shards failed has failed
   * @param drops deletions of what the run leaves behind
   */
  public StateChange end(
      JobSnapshot job,
      ClaimRecord claim,
      ZkPath run,
      int attempt,
      SlotOutcome outcome,
      @Nullable String error,
      List<WriteOp> drops,
      long now) {
    Planner planner = job.planner();
    StateRecord next = planner.end(
        job.state(), claim.withAttempt(attempt), worse(claim.shardsOutcome(), outcome), error, now);
    List<WriteOp> operations = new ArrayList<>();
    operations.add(put(job, next));
    operations.add(new WriteOp.Drop(run, -1));
    if (claim.kind() == Kind.COMPLETION) {
      operations.add(new WriteOp.Drop(paths.shards(job.name(), claim), -1));
    }
    operations.addAll(drops);
    if (planner.pauses(next)) {
      operations.add(pause(job, "too many failures", now));
    }
    return new StateChange(next, operations, null);
  }

  /**
   * Returns a change that also moves old ends and outcomes from the state that it writes to ranges, if there are many.
   * The ranges of a job are numbered in the state, so the write of the state decides which client creates one.
   */
  public StateChange movingRanges(JobSnapshot job, StateChange change) {
    RangeSplit split = RangeSplit.of(paths, job.name(), change.next());
    if (split.added().isEmpty()) {
      return change;
    }
    List<WriteOp> operations = new ArrayList<>(change.operations());
    operations.set(0, put(job, split.kept()));
    split
        .added()
        .forEach(added -> operations.add(
            new WriteOp.Make(added.path(), Records.RANGE.encode(added.range()), false)));
    split.dropped().forEach(old -> operations.add(new WriteOp.Drop(old, -1)));
    return new StateChange(split.kept(), operations, change.claim());
  }

  /**
   * Returns a change that moves nothing and skips the numbers of ranges in turn: a change that moves ranges was refused,
   * because one of them exists already or the oldest does not.
   */
  public StateChange skippingRanges(JobSnapshot job, StateChange change) {
    StateRecord next = change.next().withSkippedRanges();
    List<WriteOp> operations = new ArrayList<>(change.operations());
    operations.set(0, put(job, next));
    return new StateChange(next, operations, change.claim());
  }

  /**
   * Returns whether a claim whose answer was lost is held by the session that read these nodes.
   *
   * @param run the run node of the claim; of a slot in shards, which has none, it is not needed
   */
  public static boolean isHeld(StateRecord state, ClaimRecord claim, @Nullable Found run) {
    boolean open = state.claim(claim.id()).isPresent();
    return open && (claim.kind() == Kind.SHARDS || (run != null && run.exists() && run.mine()));
  }

  /**
   * Returns what became of a claim of this owner, by a state that was read behind a {@code sync}.
   *
   * @param written the outcome that this owner wrote, or is about to write
   */
  public ClaimStatus statusOf(StateRecord state, String claim, SlotOutcome written) {
    if (state.claim(claim).isPresent()) {
      return ClaimStatus.OPEN;
    }
    Optional<EndRecord> end = state.ended(claim).filter(ended -> isOwn(ended, written));
    return end.isPresent() ? ClaimStatus.ENDED : ClaimStatus.LOST;
  }

  /** Returns whether an end of a claim of this owner is one that this owner recorded. */
  private boolean isOwn(EndRecord end, SlotOutcome written) {
    return end.owner().equals(owner)
        && !end.isEviction()
        && (end.outcome() != SlotOutcome.ORPHANED || written == end.outcome());
  }

  /** Returns the end that this owner recorded of a claim, if it is among ends that were moved to ranges. */
  public Optional<EndRecord> ownEnd(List<EndRecord> past, String claim, SlotOutcome written) {
    return past.stream()
        .filter(end -> end.id().equals(claim) && isOwn(end, written))
        .findFirst();
  }

  /** The outcome of a slot of which one shard has one outcome and another shard, or the run after all, another. */
  public static SlotOutcome worse(@Nullable SlotOutcome one, SlotOutcome other) {
    return one == null || one == SlotOutcome.RAN ? other : one;
  }

  /** The write of a state, in place of the one that was read. */
  public WriteOp put(JobSnapshot job, StateRecord next) {
    return new WriteOp.Put(paths.state(job.name()), Records.STATE.encode(next), job.stateVersion());
  }

  /** The creation of the run node of a claim. */
  public WriteOp makeRun(JobSnapshot job, ClaimRecord claim) {
    byte[] record = Records.RUN.encode(new Records.RunNodeRecord(owner, claim.id()));
    return new WriteOp.Make(runOf(job, claim), record, true);
  }

  private ZkPath runOf(JobSnapshot job, ClaimRecord claim) {
    return paths.run(job.job(), claim);
  }

  private void addChecks(List<WriteOp> operations, JobSnapshot job) {
    operations.add(new WriteOp.Check(paths.def(job.name()), job.defVersion()));
    operations.add(new WriteOp.Check(paths.ctl(job.name()), job.controlVersion()));
  }

  private WriteOp pause(JobSnapshot job, String reason, long now) {
    List<PauseRecord> pauses = new ArrayList<>(job.control().pauses());
    pauses.add(new PauseRecord(now + 1, null, reason));
    ControlRecord control =
        new ControlRecord(job.control().cancel(), job.control().cancelAt(), pauses);
    return new WriteOp.Put(
        paths.ctl(job.name()), Records.CONTROL.encode(control), job.controlVersion());
  }

  /** Returns the record of a slot in shards, none of which is claimed. */
  private static ExecRecord opened(JobRecord job, ClaimRecord claim, List<String> members) {
    List<ShardRecord> shards = new ArrayList<>();
    if (job.mode() == JobMode.BROADCAST) {
      members.forEach(node -> shards.add(new ShardRecord(node, null, null, 0, null, null)));
      return new ExecRecord(claim.id(), shards, members);
    }
    for (int i = 0; i < job.shards(); i++) {
      shards.add(new ShardRecord(null, null, null, 0, null, null));
    }
    return new ExecRecord(claim.id(), shards, List.of());
  }
}
