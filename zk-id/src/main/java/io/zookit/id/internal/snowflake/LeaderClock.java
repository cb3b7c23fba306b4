package io.zookit.id.internal.snowflake;

import io.zookit.core.Timekeeper;
import io.zookit.id.IdLayout;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The clock of snowflake ids, in ticks of a layout: the greatest value so far of the lesser one of the wall clock and of the
 * leader's clock at the last own write plus the time that passed since. So a clock must be wrong at both ends to move an id,
 * and it never goes back. No uniqueness depends on it.
 *
 * <p><i>Threads:</i> any.
 */
final class LeaderClock {

  /** The leader's clock at a moment of the monotonic clock. */
  private record WriteTime(long tick, long nanos) {}

  private final Timekeeper timekeeper;
  private final IdLayout layout;
  private final long tickNanos;
  private final AtomicLong highest = new AtomicLong();
  private volatile @Nullable WriteTime latest;

  LeaderClock(Timekeeper timekeeper, IdLayout layout) {
    this.timekeeper = timekeeper;
    this.layout = layout;
    this.tickNanos = layout.tick().toNanos();
  }

  /** The leader answered an own write, with its time. */
  void onWritten(long leaderMillis) {
    long tick = Math.floorDiv(
        leaderMillis - layout.since().toEpochMilli(), layout.tick().toMillis());
    latest = new WriteTime(tick, timekeeper.nanos());
  }

  /** The later one of both clocks now, in ticks; that of the wall clock before the first write. */
  long latestTicks() {
    WriteTime write = latest;
    long wall = layout.ticksAt(timekeeper.now());
    return write == null ? wall : Math.max(wall, leaderTicks(write));
  }

  private long leaderTicks(WriteTime write) {
    return write.tick + (timekeeper.nanos() - write.nanos) / tickNanos;
  }

  /** The present tick; zero before the first write, and before the start of the layout. */
  long ticks() {
    WriteTime write = latest;
    if (write == null) {
      return highest.get();
    }
    long now = Math.min(layout.ticksAt(timekeeper.now()), leaderTicks(write));
    long known = highest.get();
    while (now > known) {
      if (highest.compareAndSet(known, now)) {
        return now;
      }
      known = highest.get();
    }
    return known;
  }
}
