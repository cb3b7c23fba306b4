package io.zookit.lock;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.guarded.Guard;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A few bytes under a lock: read with the acquire, written back with the release, never torn and never lost.
 *
 * <p>Owners take turns in the queue of the {@link DistributedLock} of the same name. The next owner reads what one has
 * written, or the write has not happened and the future of the writer says so; a stale owner can write nothing.
 *
 * <p><i>Cost:</i> acquiring is a lock's, with 1 read in the same round trip when it is free, and 1 more round trip when it
 * had to wait; writing back is the 1 request of the release.
 */
public final class StateCell {

  /** The most a cell holds. */
  public static final int MOST_BYTES = 32 * 1024;

  private final QueueLock lock;

  private StateCell(QueueLock lock) {
    this.lock = lock;
  }

  /**
   * The cell of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes
   */
  public static StateCell named(String name, ZkClient client) {
    LockEngine engine = LockEngine.in(CoreClient.of(client));
    Claim claim = Claim.exclusive(new LockQueue(engine.client(), name));
    return new StateCell(Guard.reading().lock(engine, claim, LockOptions.plain(engine, name)));
  }

  /** The name. */
  public String name() {
    return lock.name();
  }

  /** Waits for the lock as long as it takes. */
  public CellLease acquire() throws InterruptedException {
    return (CellLease) lock.acquire();
  }

  /**
   * Waits for the lock, at most for the timeout.
   *
   * @throws LockTimeoutException if it was not granted in time
   */
  public CellLease acquire(Duration timeout) throws InterruptedException {
    return (CellLease) lock.acquire(timeout);
  }

  /** Acquires the lock if it is free and no request waits for it. */
  public Optional<CellLease> tryAcquire() throws InterruptedException {
    return lock.tryAcquire().map(CellLease.class::cast);
  }

  /** Asks for the lock without blocking; cancelling the future withdraws the request. */
  public CompletableFuture<CellLease> acquireAsync() {
    return lock.acquireAsync(CellLease.class);
  }

  /**
   * Reads, changes and writes back under the lock, and waits until it is written.
   *
   * @param timeout for the lock
   * @param change receives the value of the cell, no bytes if none was ever written; if it throws, nothing is written
   * @return what was written
   * @throws LockTimeoutException if the lock was not granted in time
   * @throws LockLostException if the lock was lost and nothing is written
   * @throws io.zookit.core.ZkUnavailableException if it is unknown whether it is written
   */
  public byte[] update(Duration timeout, UnaryOperator<byte[]> change) throws InterruptedException {
    try (CellLease lease = acquire(timeout)) {
      byte[] changed = change.apply(lease.value().orElse(new byte[0]));
      BlockingCalls.await(lease.release(changed));
      return changed;
    }
  }

  @Override
  public String toString() {
    return "state cell " + lock.name();
  }
}
