package io.zookit.core.internal.session;

/** The owner of a client's connection, and what happens to its session when the client library gives a handle up. */
public enum ConnectionKind {
  /** The application lends it. Others may use it, too, and the session ends with the library's handle. */
  SHARED,
  /** The client owns a given Curator client. No other uses it; the session ends with the library's handle. */
  OWNED,
  /**
   * The client opened it, and attaches the next handle to the same session. Only a server ends the session, or the client
   * itself.
   */
  KEPT
}
