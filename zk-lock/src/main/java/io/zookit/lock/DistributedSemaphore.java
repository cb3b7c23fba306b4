package io.zookit.lock;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.PermitRule;
import io.zookit.lock.internal.store.LockQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A fixed number of permits over all processes that use one ensemble and root.
 *
 * <p>A request takes all its permits or none, by one node. <i>Order:</i> first come, first served, also by size: a
 * request that needs many is not overtaken by those behind that need few.
 *
 * <p>The maximum is stored in ZooKeeper and may be changed at any time. When it shrinks, no owner loses permits: more
 * are in use than the maximum until they are released.
 *
 * <p><i>Fencing:</i> permits of a semaphore with a maximum over 1 do not fence a store: several holders are valid at a
 * time.
 *
 * <p><i>Cost:</i> as for a lock; the maximum is read once and then followed while the semaphore is in use.
 */
public final class DistributedSemaphore {

  /** The most permits a semaphore can have. */
  public static final int MOST_PERMITS = 1_000_000;

  private final LockEngine engine;
  private final LockQueue queue;
  private final int initial;

  private DistributedSemaphore(LockEngine engine, LockQueue queue, int initial) {
    this.engine = engine;
    this.queue = queue;
    this.initial = initial;
  }

  /**
   * Returns the semaphore of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes
   * @param initial the maximum if none was ever set; 1 or more
   */
  public static DistributedSemaphore named(String name, int initial, ZkClient client) {
    requirePermits("initial", initial);
    LockEngine engine = LockEngine.in(CoreClient.of(client));
    return new DistributedSemaphore(engine, new LockQueue(engine.client(), name), initial);
  }

  /** The name. */
  public String name() {
    return queue.name();
  }

  /**
   * That many permits, as something to be acquired at once.
   *
   * @param permits 1 or more; a request over the maximum fails, also when the maximum shrinks under it
   */
  public DistributedLock permits(int permits) {
    requirePermits("permits", permits);
    return QueueLock.plain(engine, queue.name(), PermitRule.claim(engine, queue, permits, initial));
  }

  /** Waits for permits at most a while. */
  public Lease acquire(int permits, Duration timeout) throws InterruptedException {
    return permits(permits).acquire(timeout);
  }

  /** Acquires permits if they are free and no request waits. */
  public Optional<Lease> tryAcquire(int permits) throws InterruptedException {
    return permits(permits).tryAcquire();
  }

  /**
   * Sets the maximum for all processes. Waiting requests over it fail; permits in use stay in use.
   *
   * @return done when it is stored in ZooKeeper; fails with {@link io.zookit.core.ZkUnavailableException} if the
   * outcome is unknown, and may then be called again
   */
  public CompletableFuture<Void> changeMaximum(int maximum) {
    requirePermits("maximum", maximum);
    return engine.changeMaximum(queue.name(), maximum);
  }

  static void requirePermits(String what, int permits) {
    if (permits < 1 || permits > MOST_PERMITS) {
      throw new IllegalArgumentException(
          what + ": " + permits + " (expected: 1 to " + MOST_PERMITS + ")");
    }
  }

  @Override
  public String toString() {
    return "semaphore " + queue.name();
  }
}
