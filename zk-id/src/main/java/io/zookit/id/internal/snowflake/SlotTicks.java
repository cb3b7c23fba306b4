package io.zookit.id.internal.snowflake;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The ids of one slot while this process holds it: positions of tick and number, of which each is handed out once, up to the
 * end of the windows that were written.
 *
 * <p><i>Threads:</i> any; one thread at a time extends.
 */
final class SlotTicks {

  /** No position up to the end of the windows is left. */
  static final long EXHAUSTED = -1;

  /** The next position is too far ahead of the clock. */
  static final long TOO_FAST = -2;

  /** The slot was given back, or another one has taken its place. */
  static final long RELEASED = -3;

  private static final long OVER = Long.MAX_VALUE;

  private final int slot;
  private final int numberBits;
  private final AtomicLong last;
  private volatile long until;

  /**
   * A slot without a window.
   *
   * @param floor its ids have later ticks
   */
  SlotTicks(int slot, int numberBits, long floor) {
    this.slot = slot;
    this.numberBits = numberBits;
    this.last = new AtomicLong(endOf(floor));
    this.until = floor;
  }

  private long endOf(long tick) {
    return ((tick + 1) << numberBits) - 1;
  }

  int slot() {
    return slot;
  }

  /** The last tick of the windows. */
  long until() {
    return until;
  }

  /** The tick of the last id. */
  long lastTick() {
    long position = last.get();
    return position == OVER ? until : position >>> numberBits;
  }

  /**
   * Takes the next position: the first of the present tick, or the one behind the last.
   *
   * @param now the present tick; 0 to use up ticks by demand only
   * @param limit the last tick that may be used now
   * @return the tick, then the number in the lowest bits; or one of the negative constants
   */
  long next(long now, long limit) {
    while (true) {
      long before = last.get();
      if (before == OVER) {
        return RELEASED;
      }
      long end = until;
      long position = now > end ? before + 1 : Math.max(now << numberBits, before + 1);
      long tick = position >>> numberBits;
      if (tick > end) {
        return EXHAUSTED;
      }
      if (tick > limit) {
        return TOO_FAST;
      }
      if (last.compareAndSet(before, position)) {
        return position;
      }
    }
  }

  /**
   * Adds a window, the ticks above {@code floor} up to {@code end}.
   *
   * @param floor what lies between the present end and it belongs to another process
   */
  void extend(long floor, long end) {
    if (floor > until) {
      last.accumulateAndGet(endOf(floor), Math::max);
    }
    until = end;
  }

  /** Hands out nothing from now on; returns the tick of the last id. */
  long release() {
    long position = last.getAndSet(OVER);
    return position == OVER ? until : position >>> numberBits;
  }
}
