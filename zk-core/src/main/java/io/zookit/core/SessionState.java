package io.zookit.core;

/** The state of a client's ZooKeeper session, as far as the client knows. */
public enum SessionState {
  /** Connected, and the last answered request is younger than the session timeout. */
  CONNECTED,
  /** Disconnected, or without an answer for a whole session timeout: the session may or may not live. Not safe. */
  SUSPECT,
  /**
   * The session is over, or was disconnected up to its deadline, so that it may be over: its ephemeral nodes must be taken
   * for gone. A new session, or the same one, is connected by itself.
   */
  LOST
}
