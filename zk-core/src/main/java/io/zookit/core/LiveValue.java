package io.zookit.core;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Remote state that is kept current: the newest value that this process knows, and notifications of changes.
 *
 * <p>Closing it stops following; the last value stays readable.
 *
 * <p><i>Order:</i> a subscriber receives the value that is current when it subscribes, then newer ones, each at most
 * once, never an older one. A slow subscriber misses intermediate values but never the last, and delays only itself.
 *
 * <p><i>Failure:</i> while ZooKeeper cannot be reached the last value stays and {@link #age()} grows. A subscriber that
 * throws is logged and stays subscribed.
 *
 * @param <T> an immutable value
 */
public interface LiveValue<T> extends AutoCloseable {

  /**
   * The newest known value, without any request.
   *
   * @throws ZkUnavailableException while no value was ever seen; see {@link #awaitReady}
   */
  T current();

  /** The newest known value, or empty while none was ever seen. */
  Optional<T> latest();

  /**
   * Waits until a first value is known.
   *
   * @return this
   * @throws ZkTimeoutException if none is known in time
   * @throws ZkUnavailableException if it is closed before one is known
   */
  LiveValue<T> awaitReady(Duration timeout) throws InterruptedException;

  /** The time since the value was last known to be the newest; zero while it is followed live. */
  Duration age();

  /** Calls a listener with the current value, if there is one, and with every later one. */
  Subscription subscribe(Consumer<? super T> listener);

  @Override
  void close();
}
