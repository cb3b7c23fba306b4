package io.zookit.lock.internal.numbered;

import io.zookit.lock.NumberedLeases;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The numbers of {@link NumberedLeases} that one listing of their queue shows as taken, and whether requests wait for one.
 * Immutable.
 */
final class NumberedQueue {

  private final BitSet taken;
  private final int count;
  private final boolean waiting;

  private NumberedQueue(BitSet taken, int count, boolean waiting) {
    this.taken = taken;
    this.count = count;
    this.waiting = waiting;
  }

  /**
   * Reads a listing.
   *
   * @param queue all requests
   * @param count how many numbers there are; requests that wait for one of fewer numbers are not counted
   */
  static NumberedQueue of(List<QueueEntry> queue, int count) {
    BitSet taken = new BitSet(count);
    boolean waiting = false;
    for (QueueEntry entry : queue) {
      if (entry.mode() == QueueEntry.NUMBERED && entry.number() < count) {
        taken.set(entry.number());
      }
      waiting |= entry.mode() == QueueEntry.ANY_NUMBER && entry.weight() >= count;
    }
    return new NumberedQueue(taken, count, waiting);
  }

  /** Returns whether requests wait for a number. */
  boolean hasWaiters() {
    return waiting;
  }

  /** Returns whether a number is free. */
  boolean hasFree() {
    return taken.cardinality() < count;
  }

  /** Returns how many numbers are taken. */
  int takenCount() {
    return taken.cardinality();
  }

  /** Chooses one of the free numbers, each with the same probability. At least one must be free. */
  int anyFree(RandomGenerator random) {
    int skip = random.nextInt(count - taken.cardinality());
    int number = taken.nextClearBit(0);
    for (int i = 0; i < skip; i++) {
      number = taken.nextClearBit(number + 1);
    }
    return number;
  }
}
