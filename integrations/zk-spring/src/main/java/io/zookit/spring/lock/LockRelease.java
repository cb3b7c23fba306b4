package io.zookit.spring.lock;

/** The moment at which the lock of a method is released. */
public enum LockRelease {
  /**
   * The end of the call, its own transaction included. A call inside a transaction of its caller is refused: the lock
   * would be released before that transaction is committed.
   */
  AFTER_CALL,
  /** The completion of the transaction of the caller; without one, the end of the call. */
  AFTER_COMPLETION
}
