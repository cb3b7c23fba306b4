package io.zookit.lock;

/** The state of a lease as far as its process knows it. */
public enum LeaseState {
  /** The lock is held, as far as this process can know. */
  HELD,
  /** The session is disconnected or silent: the lock may or may not be held. It becomes {@code HELD} or {@code LOST}. */
  SUSPECT,
  /**
   * The session ended, or was disconnected up to its deadline, or the node was removed: another owner may hold the lock. Final.
   */
  LOST,
  /** The lease was closed. Final. */
  RELEASED,
  /** The lease was held longer than {@link DistributedLockBuilder#holdAtMost} allows, and was released. Final. */
  EXPIRED_HOLD
}
