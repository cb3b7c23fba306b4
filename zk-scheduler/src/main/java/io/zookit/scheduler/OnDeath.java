package io.zookit.scheduler;

import io.zookit.core.internal.codec.Stored;

/**
 * Policy for runs whose node died. The verdict is recorded in any case, never guessed.
 *
 * @param policy the action
 * @param attempts maximum number of claims of a slot, for {@link Policy#RERUN}
 */
public record OnDeath(Policy policy, int attempts) {

  /** The action after a death. */
  public enum Policy {
    /** The slot's outcome is ORPHANED: it is run at most once. */
    @Stored("FAIL")
    FAIL,
    /** Another node runs the slot again: it is run at least once, up to a number of attempts. */
    @Stored("RERUN")
    RERUN,
    /** The slot's outcome is ORPHANED and the job is paused until it is resumed by an operator. */
    @Stored("MANUAL")
    MANUAL
  }

  private static final int MOST = 100;

  /** Creates a policy. */
  public OnDeath {
    if (attempts < 1 || attempts > MOST) {
      throw new IllegalArgumentException(
          "attempts: " + attempts + " (expected: 1 to " + MOST + ")");
    }
  }

  /** At most once. */
  public static OnDeath fail() {
    return new OnDeath(Policy.FAIL, 1);
  }

  /** Returns the policy that runs a slot at least once, up to a number of attempts. */
  public static OnDeath rerun(int attempts) {
    return new OnDeath(Policy.RERUN, attempts);
  }

  /** Returns the policy that pauses the job until an operator resumes it. */
  public static OnDeath manual() {
    return new OnDeath(Policy.MANUAL, 1);
  }
}
