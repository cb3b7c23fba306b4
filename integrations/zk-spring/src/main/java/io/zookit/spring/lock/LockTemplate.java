package io.zookit.spring.lock;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Locks in code, for calls inside a bean and for names that an annotation cannot express.
 *
 * <p><i>Failure:</i> a call inside an active transaction is refused, unless the lock is released after its completion.
 */
public final class LockTemplate {

  private final ZkClient client;
  private final LockRelease release;

  /** Creates a template that releases a lock when the action is over. */
  public LockTemplate(ZkClient client) {
    this(client, LockRelease.AFTER_CALL);
  }

  private LockTemplate(ZkClient client, LockRelease release) {
    this.client = client;
    this.release = release;
  }

  /** A copy that releases a lock when the active transaction is completed; without one, when the action is over. */
  public LockTemplate releasingAfterCompletion() {
    return new LockTemplate(client, LockRelease.AFTER_COMPLETION);
  }

  /**
   * Runs an action under a lock.
   *
   * @throws io.zookit.lock.LockTimeoutException if it is not granted in time; the action was not run
   * @throws IllegalStateException if a transaction is active that would be committed after the release
   */
  public <T> T call(String name, Duration timeout, Function<? super Lease, ? extends T> action)
      throws InterruptedException {
    requireNoTransaction(name);
    return run(DistributedLock.named(name, client).acquire(timeout), action);
  }

  /**
   * Runs an action under a lock if it is free; empty if it is not.
   *
   * @throws IllegalStateException if a transaction is active that would be committed after the release
   */
  public <T> Optional<T> callIfFree(String name, Function<? super Lease, ? extends T> action)
      throws InterruptedException {
    requireNoTransaction(name);
    Optional<Lease> lease = DistributedLock.named(name, client).tryAcquire();
    return lease.isPresent() ? Optional.of(run(lease.get(), action)) : Optional.empty();
  }

  private void requireNoTransaction(String name) {
    if (release == LockRelease.AFTER_CALL && Transactions.isActive()) {
      throw new IllegalStateException("lock " + name
          + ": a transaction is active, and would be committed after the release (expected: no transaction, or"
          + " releasingAfterCompletion())");
    }
  }

  private <T> T run(Lease lease, Function<? super Lease, ? extends T> action) {
    boolean later = release == LockRelease.AFTER_COMPLETION && Transactions.isActive();
    try {
      if (later) {
        Transactions.afterCompletion(lease::close);
      }
      return action.apply(lease);
    } finally {
      if (!later) {
        lease.close();
      }
    }
  }
}
