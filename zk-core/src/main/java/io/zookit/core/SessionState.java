package io.zookit.core;

/** The state of a client's ZooKeeper session, as far as the client knows. */
public enum SessionState {
  /** Connected, and the last answered request is younger than the session timeout. */
  CONNECTED,
  /** Disconnected, or without an answer for a whole session timeout: the session may or may not live. Not safe. */
  SUSPECT,
  /** The session is over: its ephemeral nodes are gone or about to go. A new session follows by itself. */
  LOST
}
