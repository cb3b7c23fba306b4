package io.zookit.lock.barrier;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import java.time.Duration;

/**
 * A barrier that a fixed number of members enter together and leave together, round after round.
 *
 * <pre>{@code
 * DistributedDoubleBarrier barrier = DistributedDoubleBarrier.named("step", 3, zk);
 * try (BarrierRound round = barrier.enter(Duration.ofMinutes(1))) {
 *   compute(round.generation());
 *   round.leave(Duration.ofMinutes(5));
 * }
 * }</pre>
 *
 * <p>A round opens when so many members are there at the same moment, in one transaction that checks each of them. Who
 * gives up before that is not counted, then or later. The next round begins when all of the one before have left or
 * ended, so one that was left by crashes opens for nobody.
 *
 * <p><i>Order:</i> first come, first served, among those who come before a round opens.
 *
 * <p><i>Cost:</i> entering is 1 write, 2 reads and 2 watches in 2 round trips, and 2 reads for each change it sees; opening
 * is 1 transaction for all; leaving is 1 write, and 1 for all.
 */
public final class DistributedDoubleBarrier {

  /** The most members. */
  public static final int MOST_MEMBERS = 1_000;

  private final Barriers barriers;
  private final BarrierNode barrier;

  private DistributedDoubleBarrier(Barriers barriers, BarrierNode barrier) {
    this.barriers = barriers;
    this.barrier = barrier;
  }

  /**
   * The barrier of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes
   * @param members how many make a round, 1 to {@value #MOST_MEMBERS}; the same for everybody
   */
  public static DistributedDoubleBarrier named(String name, int members, ZkClient client) {
    if (members < 1 || members > MOST_MEMBERS) {
      throw new IllegalArgumentException(
          "members: " + members + " (expected: 1 to " + MOST_MEMBERS + ")");
    }
    Barriers barriers = Barriers.in(CoreClient.of(client));
    return new DistributedDoubleBarrier(barriers, new BarrierNode(barriers, name, members));
  }

  /** The name. */
  public String name() {
    return barrier.name();
  }

  /**
   * Waits until enough members are there.
   *
   * @throws io.zookit.core.ZkTimeoutException when there were not in time; this one has withdrawn and is not counted. When
   *     the round opens at the last moment, it is entered instead
   * @throws InterruptedException when interrupted before the round opened; likewise
   * @throws io.zookit.core.ZkUnavailableException when ZooKeeper does not answer, or the session ended, so that it is
   *     unknown whether the round opened; what is left of this member goes by itself
   * @throws BarrierBrokenException when somebody removed the own node or the barrier
   */
  public BarrierRound enter(Duration timeout) throws InterruptedException {
    return new BarrierRound(
        barriers, barrier, barriers.await(new BarrierEntry(barriers, barrier), timeout));
  }

  @Override
  public String toString() {
    return barrier.toString();
  }
}
