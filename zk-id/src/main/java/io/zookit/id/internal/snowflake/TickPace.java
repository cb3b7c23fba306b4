package io.zookit.id.internal.snowflake;

import io.zookit.core.Timekeeper;
import io.zookit.id.IdLayout;

/**
 * The pace at which ticks are used up: an id is at most a second ahead of the clock, or of a tick that was reached at a known
 * moment of the monotonic clock, whichever is later. So a mark or base in the future is not waited for.
 *
 * <p><i>Threads:</i> any; one thread at a time restarts.
 */
final class TickPace {

  private static final long AHEAD_MILLIS = 1_000;

  /** A tick that was reached at a moment of the monotonic clock. */
  private record PaceStart(long tick, long nanos) {}

  private final Timekeeper timekeeper;
  private final long tickNanos;
  private final long ahead;
  private volatile PaceStart start = new PaceStart(0, 0);

  TickPace(Timekeeper timekeeper, IdLayout layout) {
    this.timekeeper = timekeeper;
    this.tickNanos = layout.tick().toNanos();
    this.ahead = Math.max(1, AHEAD_MILLIS / layout.tick().toMillis());
  }

  /** Counts from a tick and from now on. */
  void restart(long tick) {
    start = new PaceStart(tick, timekeeper.nanos());
  }

  /** The last tick that may be used now. */
  long limit(long now) {
    PaceStart from = start;
    long reached = from.tick + (timekeeper.nanos() - from.nanos) / tickNanos;
    return Math.max(now, reached) + ahead;
  }
}
