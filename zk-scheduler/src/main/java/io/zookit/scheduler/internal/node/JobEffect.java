package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.Plan;
import io.zookit.scheduler.internal.state.CachedJob.Trigger;
import io.zookit.scheduler.time.Slot;

/** An effect of a decision about a job. Decided by {@link JobPlanner}, performed by {@link JobLoop}. */
sealed interface JobEffect {

  /** Reads the job again after a time, unless that is to happen already. */
  record ReadAfter(long millis) implements JobEffect {}

  /** Looks at the shards of a slot. */
  record LookAtShards(ClaimRecord claim) implements JobEffect {}

  /** Records that a run has no owner any more. */
  record MarkOrphaned(ClaimRecord claim) implements JobEffect {}

  /** Runs again what a dead node has left. */
  record Rerun(ClaimRecord claim) implements JobEffect {}

  /** Ends a run of this node. */
  record CancelRun(ClaimRecord claim) implements JobEffect {}

  /** Asks the owner of a run to end it. */
  record RequestCancel(ClaimRecord claim) implements JobEffect {}

  /** Takes the place of a run that does not end. */
  record Evict(ClaimRecord claim) implements JobEffect {}

  /** Claims a manually triggered run. */
  record ClaimTrigger(Trigger trigger) implements JobEffect {}

  /** Reports a trigger whose parameters never fit. */
  record ReportTrigger(Trigger trigger) implements JobEffect {}

  /** Claims a slot. */
  record ClaimSlot(Plan plan, Slot slot) implements JobEffect {}

  /** Records the outcomes of slots that are not run. */
  record PassSlots(Plan plan) implements JobEffect {}
}
