package io.zookit.lock;

import java.util.concurrent.locks.Lock;

/**
 * A distributed lock in the form of {@link java.util.concurrent}: held by a thread, and reentrant.
 *
 * <p>All adapters of one name over one client share what a thread holds: acquiring it again in the thread that holds it
 * only counts, also through another adapter, and keeps lease and token. Adapters of a lock of several names, or of
 * permits, share only with their own kind.
 *
 * <ul>
 *   <li>{@code lock} waits without a limit and keeps its place when the thread is interrupted; the other methods
 *       withdraw.
 *   <li>{@code tryLock()} queries ZooKeeper; it throws {@link io.zookit.core.ZkUnavailableException} if that cannot be
 *       reached.
 *   <li>{@code unlock} throws {@link LockLostException} if the lock was lost, once for each time it was acquired, and
 *       {@link IllegalMonitorStateException} if the thread does not hold it. Acquiring a lost lock again is refused
 *       with {@link LockLostException}, too.
 *   <li>{@code newCondition} is refused: a waiter in another process could not be woken without a request that may be
 *       lost.
 * </ul>
 */
public interface JavaLock extends Lock {

  /**
   * The lease on which the calling thread holds the lock, for its token.
   *
   * @throws IllegalMonitorStateException if it does not hold it
   */
  Lease lease();
}
