package io.zookit.lock.election;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Duration;
import java.util.Optional;

/**
 * An election in which one candidate leads at a time, over all processes that use one ensemble and root.
 *
 * <p>It shares its queue with a {@link DistributedLock} of the same name: leading is holding it.
 *
 * <p><i>Order:</i> first come, first served. With priorities, a candidate whose turn comes lets those pass that have a
 * greater priority and wait already, and queues again behind them; equal ones stay in their order, and a leader is
 * never displaced. So a lesser candidate leads if and only if no greater one waits at its turn.
 *
 * <p><i>Cost:</i> a candidate is a waiting lock; becoming leader is 2 reads in 1 round trip more. An observer is 1
 * watch, or 1 read a second while the folder is missing and the observer may not create it.
 */
public final class LeaderElection {

  /** The greatest priority. */
  public static final int MOST_PRIORITY = 1_000;

  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Elections elections;
  private final LockQueue queue;
  private final int priority;
  private final Duration drain;

  private LeaderElection(Elections elections, LockQueue queue, int priority, Duration drain) {
    this.elections = elections;
    this.queue = queue;
    this.priority = priority;
    this.drain = drain;
  }

  /**
   * The election of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes
   */
  public static LeaderElection named(String name, ZkClient client) {
    CoreClient core = CoreClient.of(client);
    return new LeaderElection(Elections.in(core), new LockQueue(core, name), 0, DRAIN);
  }

  /** The name. */
  public String name() {
    return queue.name();
  }

  /** A copy whose candidates have that priority, 0 (the default) to {@value #MOST_PRIORITY}. */
  public LeaderElection withPriority(int greater) {
    if (greater < 0 || greater > MOST_PRIORITY) {
      throw new IllegalArgumentException(
          "priority: " + greater + " (expected: 0 to " + MOST_PRIORITY + ")");
    }
    return new LeaderElection(elections, queue, greater, drain);
  }

  /**
   * Returns a copy with another limit of the time in which a candidate finishes its work when it resigns; 10 s unless
   * set.
   */
  public LeaderElection withDrain(Duration longest) {
    if (longest.isNegative()) {
      throw new IllegalArgumentException("drain: " + longest + " (expected: zero or more)");
    }
    return new LeaderElection(elections, queue, priority, longest);
  }

  /**
   * Becomes a candidate, until that is closed.
   *
   * @param label what the candidate is called, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}; unique among the candidates
   */
  public Candidacy join(String label, LeaderListener listener) {
    ZkPath.requireName("label", label);
    Claim claim = new Claim(queue, QueueEntry.EXCLUSIVE, priority + 1, GrantRule.EXCLUSIVE);
    return elections.join(claim, label, listener, drain);
  }

  /**
   * Follows the first in the queue, without being a candidate: the leader, or the candidate that is about to become it;
   * empty without candidates.
   */
  public LiveValue<Optional<Leader>> follow() {
    return elections.follow(queue);
  }

  @Override
  public String toString() {
    return "election " + queue.name();
  }
}
