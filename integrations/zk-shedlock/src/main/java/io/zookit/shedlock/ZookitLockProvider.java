package io.zookit.shedlock;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.support.LockException;

/**
 * Provides ShedLock's locks by ZooKeeper.
 *
 * <p>A lock belongs to the session of its process. It is free within the session timeout if the process dies, and stays
 * locked while the process lives, however long the task runs: {@code lockAtMostFor} is not needed, and ignored unless
 * {@link #withExpiry} is used. {@code lockAtLeastFor} counts by ZooKeeper's clock, and also if the process dies.
 * Unlocking removes the node of that lock only, so a task that has lost its lock never unlocks the next owner's.
 *
 * <p>The name of a lock is {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes. Its queue is that of the
 * {@link DistributedLock} {@code shedlock/NAME}.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Failure:</i> {@link LockException} if ZooKeeper cannot be reached, or refuses; the task does not run. A lock that is
 * lost while its task runs is reported by one warning when it is unlocked.
 *
 * <p><i>Cost:</i> a busy lock 1 read; a free one 6 round trips; unlocking 1 request that no caller waits for. One
 * persistent node for each name.
 */
public final class ZookitLockProvider implements ExtensibleLockProvider {

  private static final String LOCKS = "shedlock/";

  private final ZkClient client;
  private final boolean expires;

  private ZookitLockProvider(ZkClient client, boolean expires) {
    this.client = client;
    this.expires = expires;
  }

  /** The provider of a client. */
  public static ZookitLockProvider in(ZkClient client) {
    return new ZookitLockProvider(client, false);
  }

  /**
   * Returns a provider whose locks are also released {@code lockAtMostFor} after they were granted, while their tasks run:
   * for tasks that may hang. Two of them can then run at a time.
   */
  public ZookitLockProvider withExpiry() {
    return new ZookitLockProvider(client, true);
  }

  @Override
  public Optional<SimpleLock> lock(LockConfiguration configuration) {
    String name = LOCKS + configuration.getName();
    try {
      Optional<Lease> granted = DistributedLock.named(name, client).tryAcquire();
      return granted.isPresent() ? enter(granted.get(), configuration) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LockException("lock " + name + ": interrupted", e);
    } catch (ZkException e) {
      throw new LockException("lock " + name + ": cannot be acquired", e);
    }
  }

  /** Releases a lease again if the mark of an earlier owner has not passed. */
  private Optional<SimpleLock> enter(Lease lease, LockConfiguration configuration)
      throws InterruptedException {
    boolean entered = false;
    try {
      NotBeforeMark mark = NotBeforeMark.of(configuration.getName(), client);
      Instant now = grantedAt(lease);
      Duration atLeast = configuration.getLockAtLeastFor();
      entered = mark.passes(now, now.plus(atLeast));
      return entered
          ? Optional.of(new TaskLock(configuration, lease, mark, now, client.timekeeper(), expires))
          : Optional.empty();
    } finally {
      if (!entered) {
        lease.close();
      }
    }
  }

  /** The time of a grant by ZooKeeper's clock. */
  private Instant grantedAt(Lease lease) throws InterruptedException {
    return LockInspector.in(client).show(lease.name()).entries().stream()
        .filter(entry -> entry.token().equals(lease.token()))
        .map(LockReport.Entry::since)
        .findFirst()
        .orElseThrow(() -> new ZkException(lease + ": was lost directly after the grant"));
  }

  @Override
  public String toString() {
    return "locks of ShedLock in " + client.root();
  }
}
