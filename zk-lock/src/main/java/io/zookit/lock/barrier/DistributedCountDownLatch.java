package io.zookit.lock.barrier;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.AsyncResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A latch that opens for all processes when its count reaches zero.
 *
 * <p>A count-down remains when its process ends. It counts exactly once, however often its request had to be sent. A
 * latch can be {@linkplain #reset reset}, which begins a new generation: waiters of the one before learn if it had
 * opened.
 *
 * <p><i>Cost:</i> a count-down is 3 requests in 3 round trips; a wait is 3 reads and 2 watches, and 1 listing for each
 * count-down it sees.
 */
public final class DistributedCountDownLatch {

  /** The greatest count. */
  public static final int MOST_COUNT = 10_000;

  private final Barriers barriers;
  private final LatchNode latch;

  private DistributedCountDownLatch(Barriers barriers, LatchNode latch) {
    this.barriers = barriers;
    this.latch = latch;
  }

  /**
   * Returns the latch of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes
   * @param count the number of count-downs that open it, if it was never used before; 1 to {@value #MOST_COUNT}
   */
  public static DistributedCountDownLatch named(String name, int count, ZkClient client) {
    Barriers barriers = Barriers.in(CoreClient.of(client));
    return new DistributedCountDownLatch(
        barriers, new LatchNode(barriers, name, requireCount(count)));
  }

  /** The name. */
  public String name() {
    return latch.name();
  }

  /**
   * Counts down by one, in the present generation; without effect when that is open.
   *
   * @return done when it is counted, also after reconnects and in a new session; completes on the client's executor
   */
  public CompletableFuture<Void> countDown() {
    return promise(barriers.begin(new LatchCountDown(barriers, latch))).thenAccept(counted -> {});
  }

  /**
   * Waits until the latch opens in the present generation.
   *
   * @return the number of that generation
   * @throws io.zookit.core.ZkTimeoutException if it did not in time
   * @throws BarrierBrokenException if it was reset before it opened
   */
  public long await(Duration timeout) throws InterruptedException {
    return barriers.await(new LatchWait(barriers, latch), timeout);
  }

  /** The number of count-downs that are missing in the present generation. */
  public CompletableFuture<Integer> remaining() {
    return promise(barriers.begin(new LatchRemaining(barriers, latch)));
  }

  /**
   * Begins a new generation, closed, for everybody.
   *
   * @param count how many count-downs open it, 1 to {@value #MOST_COUNT}
   * @return the number of the new generation, of this reset or of one at the same time
   */
  public CompletableFuture<Long> reset(int count) {
    return promise(barriers.begin(new LatchReset(barriers, latch, requireCount(count))));
  }

  /** Nothing of a user runs on the loop. */
  private <T> CompletableFuture<T> promise(CompletableFuture<T> outcome) {
    return AsyncResult.of(outcome, barriers.client().executor());
  }

  private static int requireCount(int count) {
    if (count < 1 || count > MOST_COUNT) {
      throw new IllegalArgumentException(
          "count: " + count + " (expected: 1 to " + MOST_COUNT + ")");
    }
    return count;
  }

  @Override
  public String toString() {
    return latch.toString();
  }
}
