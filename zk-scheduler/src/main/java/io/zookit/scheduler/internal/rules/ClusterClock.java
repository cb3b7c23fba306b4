package io.zookit.scheduler.internal.rules;

import io.zookit.core.Timekeeper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time all nodes agree on: that of ZooKeeper's leader, as its stamps on own writes show it.
 *
 * <p>A write is stamped between its sending and its answer, so the leader's clock is somewhere between two bounds; the
 * clock goes by the lower one, the greatest of the last writes: those of the last {@value #WINDOW_MILLIS} ms, and at least
 * the last {@value #WINDOW}. So it is late by less than the fastest of them took, however slow the writes of a burst are,
 * but never early. Between writes it follows the monotonic clock.
 *
 * <p>A leader may have a wrong clock. A step against the monotonic clock of more than {@value #STEP_MILLIS} ms is only
 * believed when a majority of the nodes' wall clocks shows the new time.
 *
 * <p>Lives on one loop.
 */
public final class ClusterClock {

  static final long STEP_MILLIS = 30_000;

  private static final Logger log = LoggerFactory.getLogger(ClusterClock.class);
  private static final int WINDOW = 16;
  private static final long WINDOW_MILLIS = 10_000;
  private static final long MOMENT_MILLIS = 250;
  private static final long TOLERANCE_MILLIS = STEP_MILLIS + 15_000;

  private final Timekeeper timekeeper;
  private final Deque<Low> lows = new ArrayDeque<>();
  private boolean known;
  private boolean doubted;
  private long offset;

  public ClusterClock(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
  }

  /** The greatest lower bound of a moment, which is the time between two steps of the monotonic clock. */
  private record Low(long moment, long offset) {}

  /** Classification of a sample. */
  public enum Sample {
    /** In line with what was known. */
    TAKEN,
    /** A step: the wall clocks of the nodes have to decide, see {@link #vote}. */
    STEP
  }

  /** Returns whether the time is known. */
  public boolean isKnown() {
    return known;
  }

  /** Returns whether the leader's stamps are currently distrusted. */
  public boolean isDoubted() {
    return doubted;
  }

  /** Cluster time in epoch milliseconds. */
  public long now() {
    return offset + monotonicMillis();
  }

  /**
   * Returns how far the wall clock of this machine is behind cluster time, in milliseconds; 0 if cluster time is
   * unknown.
   */
  public long offsetOfWallClock() {
    return known ? now() - timekeeper.now().toEpochMilli() : 0;
  }

  /** Takes the leader's stamp of a write that was sent at {@code sentNanos} and is answered now. */
  public Sample sample(long stamp, long sentNanos) {
    long low = stamp - monotonicMillis();
    long high = stamp + 1 - Math.floorDiv(sentNanos, 1_000_000);
    if (!known || low > offset + STEP_MILLIS || high < offset - STEP_MILLIS) {
      return Sample.STEP;
    }
    doubted = false;
    remember(low);
    offset = lows.stream().mapToLong(Low::offset).max().orElse(low);
    return Sample.TAKEN;
  }

  private void remember(long low) {
    long moment = Math.floorDiv(monotonicMillis(), MOMENT_MILLIS);
    Low last = lows.peekLast();
    if (last != null && last.moment == moment) {
      lows.removeLast();
      lows.addLast(new Low(moment, Math.max(low, last.offset)));
    } else {
      lows.addLast(new Low(moment, low));
    }
    long oldest = moment - WINDOW_MILLIS / MOMENT_MILLIS;
    while (lows.size() > WINDOW && lows.getFirst().moment < oldest) {
      lows.removeFirst();
    }
  }

  /**
   * Decides about a step.
   *
   * @param stamp the leader's time just now
   * @param walls the wall clocks of all nodes, this one's too, at most some seconds old
   * @param shared the cluster time of the other nodes that know it, at most some seconds old
   * @return whether the time has changed
   */
  public boolean vote(long stamp, List<Long> walls, List<Long> shared) {
    long first = known ? 0 : firstTime(stamp, walls, shared);
    boolean credible = !known && Math.abs(first - stamp) <= TOLERANCE_MILLIS;
    if (credible || 2 * near(stamp, walls) > walls.size()) {
      set(stamp);
      return true;
    }
    if (!doubted) {
      log.warn(
          "ZooKeeper's leader says {} ms, {} of {} nodes agree: its clock is not believed",
          stamp,
          near(stamp, walls),
          walls.size());
    }
    boolean news = !known;
    if (news) {
      set(first);
    }
    doubted = true;
    return news;
  }

  /**
   * Returns the initial time of a node that knows none yet: the time on which the nodes that know one agree, otherwise
   * the median of all witnesses, the leader included; the earlier of the middle two.
   */
  private static long firstTime(long stamp, List<Long> walls, List<Long> shared) {
    return agreed(shared).orElseGet(() -> {
      List<Long> witnesses = new ArrayList<>(shared.isEmpty() ? walls : shared);
      witnesses.add(stamp);
      witnesses.sort(null);
      return witnesses.get((witnesses.size() - 1) / 2);
    });
  }

  /** The earliest of the times that more than half of them are near to. */
  private static Optional<Long> agreed(List<Long> times) {
    return times.stream()
        .sorted()
        .filter(time -> 2 * near(time, times) > times.size())
        .findFirst();
  }

  private static long near(long time, List<Long> walls) {
    return walls.stream()
        .filter(wall -> Math.abs(wall - time) <= TOLERANCE_MILLIS)
        .count();
  }

  private void set(long time) {
    known = true;
    doubted = false;
    offset = time - monotonicMillis();
    lows.clear();
    remember(offset);
  }

  private long monotonicMillis() {
    return Math.floorDiv(timekeeper.nanos(), 1_000_000);
  }
}
