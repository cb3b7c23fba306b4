package io.zookit.lock;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.numbered.LeaseCount;
import io.zookit.lock.internal.numbered.NumberRequest;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.LockQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A fixed number of leases with the numbers 0, 1, 2 and so on, over all processes that use one ensemble and root: a request
 * gets any free one and learns which. For worker numbers, segments of a lock, or slots of a limited resource.
 *
 * <pre>{@code
 * try (var worker = NumberedLeases.named("workers", 1024, zk).acquire(Duration.ofSeconds(10))) {
 *   run(worker.number(), worker.token());
 * }
 * }</pre>
 *
 * <p>The number is chosen at random among the free ones. Two leases of one number are never granted at the same time, but
 * as with every lease the owner before may not know yet that it lost it: what must not happen twice under one number is
 * fenced by the {@linkplain NumberedLease#token token}, which rises with each grant of that number.
 *
 * <p><i>Order:</i> while all numbers are taken, requests wait in a queue, first come, first served; a number that becomes
 * free wakes the first of them and no other. A request takes no number past requests that wait, except one that found it
 * free before they queued. A request that waits loses its place only with its session.
 *
 * <p><i>Number of leases:</i> the first request for a name stores it in ZooKeeper. A request of a process with
 * another number fails with a {@link io.zookit.core.ZkException} that has both. {@link #raise} raises what is
 * stored; it never falls, as a process could hold a number that no longer exists.
 *
 * <p><i>Failure:</i> as for a {@link DistributedLock}: whatever ends a request leaves nothing behind, and a lease ends with
 * the session.
 *
 * <p><i>Cost:</i> 1 znode for each lease, or 1 and 2 watches for each request that waits. A free number is 3 requests in 2
 * round trips if no other request is in the queue (2 reads, then the claim), otherwise 4 (and a listing that confirms the
 * claim); 4 more for each time another request was faster.
 * While all are taken, 2 reads in 1 round trip tell so; a request that waits then needs 4 for its place and the watches, at
 * its turn 2 more than for a free number, and while it is the first 2 for each change of the queue. The first request for a
 * name takes 3 more round trips, to store how many there are.
 */
public final class NumberedLeases {

  /** The most numbers that leases of one name can have: all of them must fit into one listing. */
  public static final int MOST_NUMBERS = 16_384;

  private final LockEngine engine;
  private final LeaseCount numbers;
  private final QueueLock lock;

  /**
   * Numbered leases with a rule of their own.
   *
   * @param rules changes the rule by which a number is granted
   */
  NumberedLeases(LockEngine engine, LockQueue queue, int count, UnaryOperator<GrantRule> rules) {
    this.engine = engine;
    this.numbers = new LeaseCount(engine.client(), queue.name(), count);
    this.lock = NumberRequest.lock(engine, queue, numbers, rules);
  }

  /**
   * The numbered leases of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes; not that of a lock or semaphore
   * @param count how many there are, 1 to {@value #MOST_NUMBERS}; the same in every process
   */
  public static NumberedLeases named(String name, int count, ZkClient client) {
    if (count < 1 || count > MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "count: " + count + " (expected: 1 to " + MOST_NUMBERS + ")");
    }
    LockEngine engine = LockEngine.in(CoreClient.of(client));
    return new NumberedLeases(
        engine, new LockQueue(engine.client(), name), count, UnaryOperator.identity());
  }

  /** The name. */
  public String name() {
    return lock.name();
  }

  /** The count of this process: the numbers are 0 to one less. */
  public int count() {
    return numbers.count();
  }

  /**
   * Waits for a number as long as it takes, also through outages of ZooKeeper.
   *
   * @throws io.zookit.core.ZkException if another count is stored for the name
   */
  public NumberedLease acquire() throws InterruptedException {
    return (NumberedLease) lock.acquire();
  }

  /**
   * Waits for a number for a limited time.
   *
   * @param timeout zero or more
   * @throws LockTimeoutException if no number was granted in time
   * @throws io.zookit.core.ZkException if another count is stored for the name
   */
  public NumberedLease acquire(Duration timeout) throws InterruptedException {
    return (NumberedLease) lock.acquire(timeout);
  }

  /**
   * Takes a number if one is free and no request waits.
   *
   * <p><i>Cost:</i> 2 reads in 1 round trip if none is free.
   *
   * @throws ZkUnavailableException if ZooKeeper cannot be asked; nothing is left behind
   */
  public Optional<NumberedLease> tryAcquire() throws InterruptedException {
    return lock.tryAcquire().map(NumberedLease.class::cast);
  }

  /** Runs an action with a number if one is free and no request waits; empty if not. */
  public <R> Optional<R> ifFree(Function<? super NumberedLease, ? extends R> action)
      throws InterruptedException {
    Optional<NumberedLease> taken = tryAcquire();
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    try (NumberedLease lease = taken.get()) {
      return Optional.of(action.apply(lease));
    }
  }

  /** Requests a number without blocking; cancelling the future withdraws the request. */
  public CompletableFuture<NumberedLease> acquireAsync() {
    return lock.acquireAsync(NumberedLease.class);
  }

  /** Requests a number without blocking; after the timeout the future fails with {@link LockTimeoutException}. */
  public CompletableFuture<NumberedLease> acquireAsync(Duration timeout) {
    return lock.acquireAsync(timeout, NumberedLease.class);
  }

  /**
   * Raises the stored number of leases to that of this object, or stores it if there is none yet. From then on processes
   * with the old number get no further lease; those they hold stay valid.
   *
   * @return done when it is stored; fails with {@link io.zookit.core.ZkException} if more are stored already, and with
   *     {@link ZkUnavailableException} if the outcome is unknown, and may then be called again
   */
  public CompletableFuture<Void> raise() {
    CompletableFuture<Void> stored = new CompletableFuture<>();
    engine
        .client()
        .loop()
        .execute(() -> engine
            .connected()
            .ifPresentOrElse(
                session -> numbers.raise(session, stored),
                () -> stored.completeExceptionally(new ZkUnavailableException(
                    "numbered leases " + name() + ": not connected; nothing was sent"))));
    return AsyncResult.of(stored, engine.client().executor());
  }

  @Override
  public String toString() {
    return "numbered leases " + name() + " of " + count();
  }
}
