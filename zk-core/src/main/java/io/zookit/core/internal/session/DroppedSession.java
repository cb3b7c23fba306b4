package io.zookit.core.internal.session;

import java.time.Duration;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * A session that the client library has dropped, and the proof that it belonged to this client. Both id and password
 * are secrets: a process that knows them can end the session. They are kept in memory only and never printed.
 *
 * @param password a copy of the one of the last connect
 * @param timeout the negotiated one: no server keeps the session for longer without its client
 * @param handle the handle that was dropped; until it is closed it may connect again by itself
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity only
record DroppedSession(long id, byte[] password, Duration timeout, ZooKeeper handle) {

  /**
   * Tells if the handle continues with another session. A server that hands out a new session on a reconnect does not
   * know the old one, so there is nothing to close.
   */
  boolean isReplaced() {
    return handle.getState().isAlive() && handle.getSessionId() != id;
  }

  /** Tells if the handle is finally closed, so that it cannot compete for the session. */
  boolean isReleased() {
    return !handle.getState().isAlive();
  }

  /** The TLS and SASL settings of the connection it had. */
  ZKClientConfig config() {
    return handle.getClientConfig();
  }

  @Override
  public String toString() {
    return "dropped session";
  }
}
