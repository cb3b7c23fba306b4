package io.zookit.scheduler.internal.state;

import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import org.jspecify.annotations.Nullable;

/**
 * This node's commit on the state of a job; there is at most one at a time.
 *
 * <pre>
 *   IDLE ──sent──► PENDING ──answered──► IDLE
 *                     └──answer lost──► UNKNOWN ──state read──► IDLE
 * </pre>
 *
 * @param claim the claim that the commit opens; null if it opens none
 * @param end the end of another node's claim that a commit has written, while it is not known whether it was applied;
 *     survives the session, so that it is reported once it is known
 */
public record CommitState(
    Phase phase, @Nullable ClaimRecord claim, @Nullable EndRecord end) {

  /** Knowledge of the commit. */
  public enum Phase {
    /** None is under way. */
    IDLE,
    /** Its answer is to come. */
    PENDING,
    /** Its answer was lost: the state is to be read. */
    UNKNOWN
  }

  /** No commit. */
  public static final CommitState NONE = new CommitState(Phase.IDLE, null, null);

  /** Returns whether nothing is under way. */
  public boolean isIdle() {
    return phase == Phase.IDLE;
  }

  /** Returns whether the answer was lost and the state has not been read since. */
  public boolean isUnknown() {
    return phase == Phase.UNKNOWN;
  }

  /** Sent, with the claim that it opens. */
  public CommitState toPending(@Nullable ClaimRecord opened) {
    return new CommitState(Phase.PENDING, opened, end);
  }

  /** Its answer was lost. */
  public CommitState toUnknown() {
    return new CommitState(Phase.UNKNOWN, claim, end);
  }

  /** Nothing is under way any more; an end that was written may still have to be reported. */
  public CommitState toIdle() {
    return new CommitState(Phase.IDLE, null, end);
  }

  /** It writes an end of a claim of another node, or that is settled. */
  public CommitState withEnd(@Nullable EndRecord written) {
    return new CommitState(phase, claim, written);
  }
}
