package io.zookit.scheduler.internal.state;

import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import org.jspecify.annotations.Nullable;

/** An event in the life of a node's jobs. The loop of the node handles one after the other. */
public sealed interface JobEvent {

  /** The trigger of a job fired. */
  record Due(String job) implements JobEvent {}

  /**
   * The nodes of a job were read just now.
   *
   * @param redefined whether the job is new, or its definition or its control is another
   */
  record NodeChanged(String job, boolean redefined) implements JobEvent {}

  /** The nodes of a job are gone. */
  record NodeGone(String job) implements JobEvent {}

  /**
   * A part of a job cannot be decoded.
   *
   * @param stateKnown whether its state is known all the same, and was read just now
   */
  record NodeUnreadable(String job, boolean stateKnown) implements JobEvent {}

  /** A commit of this node on the state of a job was answered, or its result has been found in the state. */
  record CommitAnswered(String job, CommitResult result) implements JobEvent {}

  /**
   * The code of a run has ended for the last time.
   *
   * @param run the key of the run
   */
  record RunEnded(String run, SlotOutcome outcome, @Nullable String error) implements JobEvent {}

  /**
   * The end of a run was recorded, or its claim had been lost before.
   *
   * @param run the key of the run
   * @param recorded null if the end is not recorded
   */
  record EndAnswered(String run, @Nullable RunRecord recorded) implements JobEvent {}

  /**
   * The ranking of the nodes is another, or the clock is known or was set.
   *
   * @param someLeft whether a node has left
   */
  record MembersChanged(boolean someLeft) implements JobEvent {}

  /** Result of a commit on the state of a job. */
  sealed interface CommitResult {

    /**
     * The claim is this node's.
     *
     * @param zxid the transaction that made its run node
     * @param mtime the leader's stamp of the transaction; 0 if it is not known
     */
    record ClaimHeld(ClaimRecord claim, long zxid, long mtime) implements CommitResult {}

    /** The state was written and there may be more to do. */
    record StateWritten() implements CommitResult {}

    /** Another node was first, or the job has changed: it must be read again. */
    record Refused() implements CommitResult {}
  }
}
