package io.zookit.lock;

import io.zookit.core.FencingToken;
import java.time.Duration;

/**
 * Receives the transitions of a lock's requests in this process, in order, on the client's executor. Exceptions are
 * logged and dropped.
 */
public interface LockObserver {

  /** The lock was granted after a wait. */
  default void onGranted(String lock, FencingToken token, Duration waited) {}

  /** The request waits behind others. Called again when it has to queue again in a new session. */
  default void onQueued(String lock, int ahead) {}

  /** The request's time ran out, or it was withdrawn. */
  default void onGivenUp(String lock, Duration waited) {}

  /** The session of a lease is suspect. */
  default void onSuspect(String lock, FencingToken token) {}

  /** A lease was lost. */
  default void onLost(String lock, FencingToken token, String reason) {}

  /** A lease was closed. */
  default void onReleased(String lock, FencingToken token, Duration held) {}
}
