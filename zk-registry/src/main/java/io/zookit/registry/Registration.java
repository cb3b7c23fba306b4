package io.zookit.registry;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * The wish that an instance is registered, kept true until it is closed.
 *
 * <p>A reconnect in the same session is not noticed by anybody. After the end of a session, or when its node was
 * deleted, the instance is registered again by itself, each with retries of its own.
 *
 * <pre>
 *   PENDING ◄──► REGISTERED ◄──► CONFLICT
 *      └─────────────┴──────────────┴────► LEAVING ──► GONE
 * </pre>
 *
 * <p><i>Failure:</i> a registration that was ended never comes back: neither by a create whose answer was lost, nor by a
 * new session, nor while it is leaving.
 */
public interface Registration extends AutoCloseable {

  /** The instance as it is wanted now. */
  ServiceInstance instance();

  /** The status as far as it is known, without any request. While the session is suspect this is the last that was known. */
  RegistrationStatus status();

  /**
   * Waits until the instance is registered.
   *
   * @param timeout zero or more
   * @return this
   * @throws io.zookit.core.ZkTimeoutException if it is not in time; it is still wanted. The text tells the last
   *     problem
   * @throws io.zookit.core.ZkException if the registration was ended, or another instance has its id
   */
  Registration awaitRegistered(Duration timeout) throws InterruptedException;

  /**
   * Changes what the instance says of itself, now or as soon as it is registered. Returns at once.
   *
   * <p><i>Cost:</i> 1 request; every consumer is notified.
   *
   * @param change called by this thread, again when another update came between
   * @return the instance as it is wanted now
   * @throws IllegalArgumentException if the change is to the service, id, host or main port, or makes it larger than
   *     4 KiB
   * @throws IllegalStateException if the registration was ended
   */
  ServiceInstance update(UnaryOperator<ServiceInstance> change);

  /**
   * Ends the registration: notifies consumers that the instance is leaving, and deletes its node after a grace period.
   * Returns at once. Only the first call has an effect.
   *
   * <p>The grace period begins when ZooKeeper has stored the goodbye; well connected consumers receive it some
   * milliseconds later. Stop taking calls when the grace period is over.
   *
   * @param grace zero or more; with less than 2 s, slow consumers may take the end for a crash
   * @return completed when the node is certainly gone, or its session is over
   */
  CompletableFuture<Void> drain(Duration grace);

  /**
   * Ends the registration, by {@link #drain} with the registry's grace (2 s unless set) if it is not ended yet, and waits
   * until it is gone.
   *
   * <p>Waits at most the grace plus 2 s, and not at all when the instance is not registered or ZooKeeper cannot be
   * reached; then it is ended in the background, at the latest with the session. An interrupt ends the waiting only. To
   * end many at once, drain them all before closing any.
   */
  @Override
  void close();
}
