package io.zookit.lock.internal.guarded;

import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockStateNode;
import java.time.Duration;
import java.util.List;

/**
 * Use that a lock makes of its state in ZooKeeper at its entry and exit.
 *
 * @param marks whether an owner leaves a mark while it is inside
 * @param lockDelay how much later the lock is granted when the mark of a dead owner is found
 */
public record Guard(boolean marks, Duration lockDelay) {

  /** Reads it, and may write it when the lock is left. */
  public static Guard reading() {
    return new Guard(false, Duration.ZERO);
  }

  /** Marks it as long as there is an owner. */
  public static Guard marking(Duration lockDelay) {
    return new Guard(true, lockDelay);
  }

  public QueueLock lock(LockEngine engine, Claim claim, LockOptions options) {
    GuardedStates states = GuardedStates.in(engine.client());
    LockStateNode node = new LockStateNode(engine.client(), claim.queue().name());
    return new QueueLock(
        engine,
        claim.queue().name(),
        List.of(claim),
        waits -> new GuardedRequest(engine, states, this, node, claim, options, waits));
  }
}
