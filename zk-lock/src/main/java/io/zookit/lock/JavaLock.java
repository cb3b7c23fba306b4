package io.zookit.lock;

import java.util.concurrent.locks.Lock;

/**
 * A distributed lock in the form of {@link java.util.concurrent}: held by a thread, and reentrant.
 *
 * <p>All adapters of one name made over one client share what a thread holds: asked for again by the thread that has it,
 * the lock is only counted, also through another adapter. Entered again it keeps its lease and token. Adapters of a
 * lock of several names, or of permits, know only their own kind.
 *
 * <ul>
 *   <li>{@code lock} waits as long as it takes and keeps its place when the thread is interrupted; the other ways of
 *       waiting withdraw.
 *   <li>{@code tryLock()} asks ZooKeeper; it throws {@link io.zookit.core.ZkUnavailableException} when that cannot be
 *       asked.
 *   <li>{@code unlock} throws {@link LockLostException} when the lock was lost, once for each time it was entered, and
 *       {@link IllegalMonitorStateException} when the thread does not hold it. Entering a lock again that was lost is
 *       refused with {@link LockLostException}, too.
 *   <li>{@code newCondition} is refused: nobody could be woken in another process without a request that may be lost.
 * </ul>
 */
public interface JavaLock extends Lock {

  /**
   * The lease on which the calling thread holds the lock, for its token.
   *
   * @throws IllegalMonitorStateException when it does not hold it
   */
  Lease lease();
}
