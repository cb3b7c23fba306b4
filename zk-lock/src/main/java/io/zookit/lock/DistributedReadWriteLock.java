package io.zookit.lock;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.blocking.ThreadReadWriteLock;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import java.util.concurrent.locks.ReadWriteLock;

/**
 * A lock that many may hold to read, or one may hold to write, over all processes that use one ensemble and root.
 *
 * <p>It shares its queue with a {@link DistributedLock} of the same name, which is its write lock.
 *
 * <p><i>Order:</i> first come, first served: a reader does not pass a writer that waits, so writers do not starve.
 *
 * <p>A read lease cannot become a write lease: two readers that both tried would wait for each other indefinitely.
 * Release it, acquire the write lock, and read again. (A write lease can become a read lease: {@link #downgrade}.)
 *
 * <p><i>Fencing:</i> readers present their tokens as {@code SHARED}, writers as {@code EXCLUSIVE}.
 */
public final class DistributedReadWriteLock {

  private final DistributedLock readLock;
  private final DistributedLock writeLock;

  private DistributedReadWriteLock(DistributedLock readLock, DistributedLock writeLock) {
    this.readLock = readLock;
    this.writeLock = writeLock;
  }

  /**
   * The read-write lock of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes
   */
  public static DistributedReadWriteLock named(String name, ZkClient client) {
    LockEngine engine = LockEngine.in(CoreClient.of(client));
    LockQueue queue = new LockQueue(engine.client(), name);
    return new DistributedReadWriteLock(
        QueueLock.plain(engine, name, Claim.shared(queue)),
        QueueLock.plain(engine, name, Claim.exclusive(queue)));
  }

  /** Held by any number of readers at a time. */
  public DistributedLock readLock() {
    return readLock;
  }

  /** The lock of one writer at a time, which excludes readers. */
  public DistributedLock writeLock() {
    return writeLock;
  }

  /**
   * Turns a lease of the write lock into one to read: the readers behind it are granted, writers continue to wait. Its
   * place and its token stay; from now on it is presented as {@code SHARED}. Returns at once; the request is sent in
   * the background.
   *
   * <p><i>Cost:</i> 1 request, no round trip waited for.
   *
   * @throws LockLostException if the lease is lost
   * @throws IllegalArgumentException if it is not a lease of a write lock of this name
   */
  public void downgrade(Lease held) {
    if (!(held instanceof LeaseHandle lease) || !lease.isExclusiveOf(writeLock.name())) {
      throw new IllegalArgumentException(
          "held: " + held + " (expected: a lease of the write lock " + writeLock.name() + ")");
    }
    lease.downgrade();
  }

  /**
   * The same lock for code that expects one of {@link java.util.concurrent}; both sides are {@link JavaLock}s.
   *
   * <p>A thread that holds the write lock may enter the read lock, too; when it leaves the write lock first, its lease is
   * downgraded, with its place and token. Asking for the write lock while holding only the read lock is refused with
   * {@link IllegalStateException}, where other locks wait for themselves.
   */
  public ReadWriteLock asJavaLock() {
    return new ThreadReadWriteLock(readLock.asJavaLock(), writeLock.asJavaLock());
  }

  @Override
  public String toString() {
    return "read-write lock " + writeLock.name();
  }
}
