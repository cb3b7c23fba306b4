package io.zookit.lock;

import io.zookit.core.ZkClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A fair mutual exclusion lock over all processes that use one ensemble and root.
 *
 * <p>The object is cheap and holds nothing; any number of them may represent one name, and all their users, threads and
 * processes share one queue. It is not reentrant: an owner that acquires again waits behind itself.
 *
 * <p><i>Order:</i> first come, first served, in the order in which ZooKeeper received the requests.
 *
 * <p><i>Failure:</i> a waiter whose session ends queues again, at the end, within its timeout. Whatever ends a wait
 * (time-out, interrupt, cancellation, an exception) leaves nothing behind: a request whose answer was lost is found and
 * withdrawn as soon as the session is connected again.
 *
 * <p><i>Cost:</i> a free lock is 1 request (1 transaction, 1 round trip), also if it is new; 1 more round trip if this
 * client uses it for the first time and it exists, or has a new nested name, or if other requests have come to a lock that
 * was free before. Where others were in the queue the last time, a request is 2 requests in 1 round trip. A wait behind a
 * request of another session adds 2 reads and 2 watches, behind two or more a third of each and 1 listing while the last
 * of them holds; being woken when that one leaves adds none. A wait directly behind a request of the same session adds
 * nothing: its turn comes when the lease ahead is closed, without a round trip.
 */
public interface DistributedLock {

  /**
   * The lock of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes
   */
  static DistributedLock named(String name, ZkClient client) {
    return builder(name, client).build();
  }

  /** Starts a lock with options. */
  static DistributedLockBuilder builder(String name, ZkClient client) {
    return new DistributedLockBuilder(name, client);
  }

  /** Starts a lock that is several locks as one. */
  static MultiLockBuilder several(ZkClient client) {
    return new MultiLockBuilder(client);
  }

  /** The name. */
  String name();

  /**
   * Waits for the lock without a limit, also through outages of ZooKeeper.
   *
   * @throws io.zookit.core.ZkAccessException if the client's credentials do not allow it
   * @throws io.zookit.core.IncarnationException if ZooKeeper's data was wiped or restored
   */
  Lease acquire() throws InterruptedException;

  /**
   * Waits for the lock, at most for the timeout.
   *
   * @param timeout zero or more
   * @throws LockTimeoutException if it was not granted in time; the text tells what it waited for
   */
  Lease acquire(Duration timeout) throws InterruptedException;

  /**
   * Acquires the lock if it is free and no request waits for it.
   *
   * <p><i>Cost:</i> 1 read if it is busy; 2 requests in 2 round trips if it is free.
   *
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper cannot be asked; nothing is left behind
   */
  Optional<Lease> tryAcquire() throws InterruptedException;

  /** Runs an action under the lock if it is free and no request waits for it; empty if not. */
  <R> Optional<R> ifFree(Function<? super Lease, ? extends R> action) throws InterruptedException;

  /**
   * Asks for the lock without blocking. The future completes on the client's executor. Cancelling it, or completing it
   * in any other way, withdraws the request: a lock that is granted all the same is given up at once.
   */
  CompletableFuture<Lease> acquireAsync();

  /** Asks for the lock without blocking; after {@code timeout} the future fails with {@link LockTimeoutException}. */
  CompletableFuture<Lease> acquireAsync(Duration timeout);

  /**
   * The same lock for code that expects a {@link java.util.concurrent.locks.Lock}: held by a thread, and reentrant.
   * Where a lease can be handed over, {@link #acquire()} with try-with-resources needs no adapter.
   */
  JavaLock asJavaLock();
}
