package io.zookit.lock;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.guarded.Guard;
import io.zookit.lock.internal.handoff.HandOffQueues;
import io.zookit.lock.internal.handoff.HandOffRequest;
import io.zookit.lock.internal.lease.LockObservers;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a {@link DistributedLock}. */
public final class DistributedLockBuilder {

  private static final int MOST_HAND_OFFS = 1_000_000;
  private static final Duration LEAST_SUSPICION = Duration.ofMillis(10);

  private final String name;
  private final LockEngine engine;
  private @Nullable LockObserver observer;
  private @Nullable String party;
  private @Nullable Duration deadlockAfter;
  private boolean lookAhead = true;
  private int handOffBound;
  private @Nullable Duration lockDelay;
  private @Nullable Duration holdAtMost;

  DistributedLockBuilder(String name, ZkClient client) {
    this.engine = LockEngine.in(CoreClient.of(client));
    this.name = name;
  }

  /** Sets the observer of this lock's transitions in this process. Default: none. */
  public DistributedLockBuilder observer(LockObserver observer) {
    this.observer = observer;
    return this;
  }

  /**
   * Detects deadlocks over processes: whenever a request has waited for that duration again, it follows which party
   * waits for which, and the youngest request in a cycle fails with {@link DeadlockException}. Default: never.
   *
   * @param party the name of the caller: what it holds and what it waits for belong together; unique in its process
   * @param after the duration of a suspicious wait, at least 10 ms
   */
  public DistributedLockBuilder detectDeadlocks(String party, Duration after) {
    if (after.compareTo(LEAST_SUSPICION) < 0) {
      throw new IllegalArgumentException(
          "after: " + after + " (expected: " + LEAST_SUSPICION + " or more)");
    }
    this.party = party;
    this.deadlockAfter = after;
    return this;
  }

  /**
   * Sets whether to watch also the request before the one directly ahead, and to list the queue when that one leaves,
   * while the one ahead still holds the lock: the own turn then needs no read, however many were ahead. It is done only
   * while the leases of this process on the lock last longer than a listing takes. Default: yes.
   *
   * <p><i>Cost:</i> for a request with two or more ahead, 2 more reads and watches; the listing at its turn comes earlier
   * instead. Without it a turn behind several waits 1 round trip longer.
   */
  public DistributedLockBuilder lookAhead(boolean yes) {
    this.lookAhead = yes;
    return this;
  }

  /**
   * Lets the requests of this process over one client share a node in the queue: an owner hands the lock on to the next
   * of them at once, without a request. After {@code bound} owners in a row the node is released and created again,
   * behind all that came meanwhile, so other processes wait at most for that many owners. Default: off, strictly first
   * come, first served.
   *
   * <p>Owners of one node differ in the {@code handOff} number of their tokens. A lock is handed on only while the
   * session is connected and its deadline has not passed, and not if the lock was revoked. The node is watched meanwhile,
   * so that it is not handed on once an operator has removed it. Locks of one name with different bounds do not share.
   *
   * <p><i>Cost:</i> neither a hand-off nor a waiting request of this process needs a request to ZooKeeper, but for one read
   * of each node that is handed on, which sets its watch.
   *
   * @param bound the most owners in a row, 1 to 1,000,000
   */
  public DistributedLockBuilder localHandOff(int bound) {
    if (bound < 1 || bound > MOST_HAND_OFFS) {
      throw new IllegalArgumentException(
          "bound: " + bound + " (expected: 1 to " + MOST_HAND_OFFS + ")");
    }
    this.handOffBound = bound;
    return this;
  }

  /**
   * Releases a lease that is still open after a while: a safeguard against owners that live and forget to close it, which
   * no session timeout ends. Its listeners are notified by {@link Lease#onLost}, its state is {@link
   * LeaseState#EXPIRED_HOLD}, and {@link Lease#isValid} is false before the next owner can be granted the lock. No thread
   * is interrupted: the late owner must look at {@code isValid}, and only the token makes what it still does harmless.
   * Default: no limit.
   *
   * <p><i>Cost:</i> a timer of this process for each lease.
   *
   * @param limit more than zero
   */
  public DistributedLockBuilder holdAtMost(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("holdAtMost: " + limit + " (expected: more than zero)");
    }
    this.holdAtMost = limit;
    return this;
  }

  /**
   * Reports to an owner if the one before it died while it held the lock, by {@link Lease#previousOwnerDied}. All
   * owners of the name should use it: one that does not leaves no mark. Default: off.
   *
   * <p><i>Cost:</i> 1 read, in the round trip of the request when the lock is free, and 1 write in 1 more round trip
   * before the lock is granted; the release is still 1 request that no caller waits for.
   */
  public DistributedLockBuilder robust() {
    return robust(Duration.ZERO);
  }

  /**
   * The same, and an owner whose predecessor died inside gets the lock that much later: time for what the dead one had
   * under way to arrive at resources that check no token. The wait counts against the caller's timeout.
   *
   * @param lockDelay zero or more
   */
  public DistributedLockBuilder robust(Duration lockDelay) {
    if (lockDelay.isNegative()) {
      throw new IllegalArgumentException("lockDelay: " + lockDelay + " (expected: zero or more)");
    }
    this.lockDelay = lockDelay;
    return this;
  }

  /**
   * Creates the lock; nothing is sent.
   *
   * @throws IllegalStateException if local hand-off is combined with deadlock detection or robustness: a node of
   *     several owners reports none of them
   */
  public DistributedLock build() {
    LockQueue queue = new LockQueue(engine.client(), name);
    LockObservers observers = observer == null
        ? LockObservers.unobserved(engine.meters(), name)
        : LockObservers.of(
            engine.meters(), name, observer, engine.client().lane("observer of " + queue));
    LockOptions options = LockOptions.observedBy(observers).withHoldAtMost(holdAtMost);
    if (party != null && deadlockAfter != null) {
      options = options.withDeadlockSearch(party, deadlockAfter);
    }
    requireOneOwnerANode();
    LockOptions requested = options;
    Claim claim = lookAhead ? Claim.lookingAhead(queue) : Claim.exclusive(queue);
    if (handOffBound > 0) {
      HandOffQueues queues = HandOffQueues.in(engine.client());
      HandOffQueues.Key key = new HandOffQueues.Key(name, handOffBound);
      return new QueueLock(
          engine,
          name,
          List.of(claim),
          waits -> new HandOffRequest(queues, key, claim, requested, waits));
    }
    return lockDelay == null
        ? QueueLock.of(engine, name, List.of(claim), options)
        : Guard.marking(lockDelay).lock(engine, claim, options);
  }

  private void requireOneOwnerANode() {
    if (handOffBound > 0 && (party != null || lockDelay != null)) {
      throw new IllegalStateException(
          "lock " + name
              + ": local hand-off with deadlock detection or robustness (expected: not both, a node of several owners reports none of them)");
    }
  }
}
