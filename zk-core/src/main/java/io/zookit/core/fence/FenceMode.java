package io.zookit.core.fence;

/**
 * The mode in which the lock behind a token is held; not whether the next operation reads or writes. The holder of a
 * mutex or of a write lock is exclusive even while it only reads.
 */
public enum FenceMode {
  /** Together with other holders, none of which changes the resource: a read lock. */
  SHARED,
  /** Alone: a mutex, a write lock, a leader. */
  EXCLUSIVE
}
