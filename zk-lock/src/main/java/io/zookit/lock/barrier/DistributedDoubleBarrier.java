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
 * <p>A round opens when that number of members is present at the same moment, in one transaction that checks each of
 * them. A member that withdraws before is not counted. The next round begins when all members of the one before have
 * left or ended, so crashed members never open a round.
 *
 * <p><i>Order:</i> first come, first served, among the members that arrive before a round opens.
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
   * Waits until enough members are present.
   *
   * @throws io.zookit.core.ZkTimeoutException if they were not in time; this one has withdrawn and is not counted. If
   * the round opens at the last moment, it is entered instead
   * @throws InterruptedException if interrupted before the round opened; likewise
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer, or the session ended, so that it is
   *     unknown whether the round opened; the node of this member is removed in the background
   * @throws BarrierBrokenException if the own node or the barrier was removed
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
