package io.zookit.core;

/**
 * An interest that lasts until it is closed: a listener, a timer, a handler.
 *
 * <p>Closing is idempotent. After {@code close()} returns no new call starts; one that is already running finishes.
 */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

  @Override
  void close();
}
