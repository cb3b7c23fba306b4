package io.zookit.lock.internal.lease;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The longest that a lease may be held. It is over by the clock, so a process that was paused sees it before any timer
 * runs.
 *
 * @param limit null for none
 * @param since the timekeeper's nanoseconds of the grant
 */
public record HoldLimit(Timekeeper timekeeper, @Nullable Duration limit, long since) {

  /** Returns a limit that begins now; none if it is null. */
  public static HoldLimit of(@Nullable Duration limit, Timekeeper timekeeper) {
    return new HoldLimit(timekeeper, limit, limit == null ? 0 : timekeeper.nanos());
  }

  /**
   * Runs a task when the limit is over.
   *
   * @return cancels it; null if there is no limit
   */
  @Nullable
  public Subscription whenOver(Runnable task) {
    return limit == null ? null : timekeeper.after(limit, task);
  }

  public boolean isOver() {
    return limit != null && timekeeper.nanos() - since >= Timeouts.nanos(limit);
  }

  public String reason() {
    return "was held for " + limit + ", the longest that is allowed";
  }
}
