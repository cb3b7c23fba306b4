package io.zookit.core;

import java.time.Duration;

/**
 * Receives the transitions of a client's session and data, in order, on the client's executor. Exceptions are logged
 * and dropped.
 */
public interface ClientObserver {

  /** A new session was established; {@code timeout} is what the server granted. */
  default void onSessionEstablished(Duration timeout) {}

  /** The connection broke or went silent; the session may still live. */
  default void onSuspect(String reason) {}

  /** The same session is connected again. */
  default void onReconnected() {}

  /** The session ended. */
  default void onSessionLost(String reason) {}

  /** The incarnation differs from the one seen before: data was lost or restored, or an operator raised it. */
  default void onIncarnationChanged(long before, long now) {}
}
