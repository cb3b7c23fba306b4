package io.zookit.group;

import java.time.Duration;

/**
 * The membership of this process in a group, over all sessions of its client.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Failure:</i> after the end of a session it joins again by itself, until it is closed or superseded.
 *
 * <p><i>Cost:</i> one ephemeral znode, two watches. The oldest member plans for all: a watch for each of 16 folders, 64 with
 * more than 1,024 partitions.
 */
public interface Membership extends AutoCloseable {

  /** The member as it joined. */
  Member member();

  /** The state as far as it is known without a request. */
  MembershipState state();

  /**
   * Waits until the member has joined.
   *
   * @return this
   * @throws io.zookit.core.ZkTimeoutException if it has not in time; it goes on trying
   */
  Membership awaitJoined(Duration timeout) throws InterruptedException;

  /**
   * Owns partitions from now on: as many as its weight gives it. Called once.
   *
   * @param handler runs each partition that is owned
   * @param handover how partitions are handed over to other members
   * @throws GroupMismatchException if the group has another number of partitions
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer within 10 s; it may be called again
   * @throws IllegalStateException if it owns already, or has ended
   */
  Ownership own(Partitions partitions, PartitionHandler handler, Handover handover)
      throws InterruptedException;

  /**
   * Leaves the group: tells the others, waits up to a second for the plan that does without this member, hands over all
   * partitions, and deletes its node last. Returns when this is done, or after the time of the handover and five seconds more;
   * the rest goes on in the background. Idempotent.
   */
  @Override
  void close();
}
