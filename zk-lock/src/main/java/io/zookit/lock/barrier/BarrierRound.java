package io.zookit.lock.barrier;

import java.time.Duration;

/** One member's part in a round of a {@link DistributedDoubleBarrier}, from the entry to the exit. */
public final class BarrierRound implements AutoCloseable {

  private final Barriers barriers;
  private final BarrierNode barrier;
  private final BarrierPlace place;

  BarrierRound(Barriers barriers, BarrierNode barrier, BarrierPlace place) {
    this.barriers = barriers;
    this.barrier = barrier;
    this.place = place;
  }

  /** The number of the round, the same for all its members, greater than that of every round before. */
  public long generation() {
    return place.generation();
  }

  /**
   * Leaves, and waits until all members have. A member whose session has ended has left.
   *
   * @throws io.zookit.core.ZkTimeoutException if others are still inside; this one has left all the same
   */
  public void leave(Duration timeout) throws InterruptedException {
    close();
    barriers.await(new BarrierExit(barriers, barrier, place.generation()), timeout);
  }

  /** Leaves, without waiting for others; the request is sent in the background. */
  @Override
  public void close() {
    barriers
        .client()
        .loop()
        .execute(() -> barriers
            .client()
            .debt()
            .delete(place.handle(), place.node())
            .thenRun(place.reserved()::close));
  }

  @Override
  public String toString() {
    return barrier + " round " + place.generation();
  }
}
