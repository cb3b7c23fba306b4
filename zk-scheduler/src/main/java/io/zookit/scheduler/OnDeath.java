package io.zookit.scheduler;

import io.zookit.core.internal.codec.Stored;

/**
 * What becomes of a run whose node died. The verdict is recorded in any case, never guessed.
 *
 * @param policy what is done
 * @param attempts how often a slot is claimed in all, for {@link Policy#RERUN}
 */
public record OnDeath(Policy policy, int attempts) {

  /** What is done. */
  public enum Policy {
    /** The slot's fate is ORPHANED: it is run at most once. */
    @Stored("FAIL")
    FAIL,
    /** Another node runs the slot again: it is run at least once, up to a number of attempts. */
    @Stored("RERUN")
    RERUN,
    /** The slot's fate is ORPHANED and the job is paused until somebody resumes it. */
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

  /** At least once, up to so many attempts. */
  public static OnDeath rerun(int attempts) {
    return new OnDeath(Policy.RERUN, attempts);
  }

  /** Somebody has to look. */
  public static OnDeath manual() {
    return new OnDeath(Policy.MANUAL, 1);
  }
}
