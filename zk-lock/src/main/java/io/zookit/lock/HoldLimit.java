package io.zookit.lock;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The longest that a lease may be held. It is over by the clock, so a process that was paused sees it before any timer
 * runs.
 */
final class HoldLimit {

  /** No limit. */
  static final HoldLimit NONE = new HoldLimit(null, Duration.ZERO);

  private final @Nullable Timekeeper timekeeper;
  private final Duration limit;
  private final long since;
  private volatile @Nullable Subscription timer;

  private HoldLimit(@Nullable Timekeeper timekeeper, Duration limit) {
    this.timekeeper = timekeeper;
    this.limit = limit;
    this.since = timekeeper == null ? 0 : timekeeper.nanos();
  }

  /** A limit that runs from now on; none if it is null. */
  static HoldLimit of(@Nullable Duration limit, CoreClient client) {
    return limit == null ? NONE : new HoldLimit(client.timekeeper(), limit);
  }

  /** Runs a task on the loop when the limit is over, unless it is {@linkplain #cancel canceled} before. */
  void whenOver(CoreClient client, Runnable expire) {
    if (timekeeper != null) {
      timer = timekeeper.after(limit, () -> client.loop().execute(expire));
    }
  }

  boolean isOver() {
    return timekeeper != null && timekeeper.nanos() - since >= Timeouts.nanos(limit);
  }

  /** Ends the timer; what is over stays over. */
  void cancel() {
    Subscription running = timer;
    if (running != null) {
      running.close();
    }
  }

  String reason() {
    return "was held for " + limit + ", the longest that is allowed";
  }
}
