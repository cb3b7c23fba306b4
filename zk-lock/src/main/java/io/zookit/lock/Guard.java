package io.zookit.lock;

import java.time.Duration;
import java.util.List;

/**
 * What a lock does with its state in ZooKeeper when it is entered and left.
 *
 * @param marks whether an owner leaves a mark while he is inside
 * @param lockDelay how much later the lock is granted when the mark of a dead owner is found
 */
record Guard(boolean marks, Duration lockDelay) {

  /** Reads it, and may write it when the lock is left. */
  static Guard reading() {
    return new Guard(false, Duration.ZERO);
  }

  /** Marks it as long as there is an owner. */
  static Guard marking(Duration lockDelay) {
    return new Guard(true, lockDelay);
  }

  DistributedLock lock(LockEngine engine, Claim claim, LockOptions options) {
    GuardedStates states = GuardedStates.in(engine.client());
    LockStateNode node = new LockStateNode(engine.client(), claim.queue().name());
    return new QueueLock(
        engine,
        claim.queue().name(),
        List.of(claim),
        waits -> new GuardedRequest(engine, states, this, node, claim, options, waits));
  }
}
