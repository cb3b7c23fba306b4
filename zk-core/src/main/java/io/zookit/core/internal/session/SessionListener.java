package io.zookit.core.internal.session;

/**
 * Receives the transitions of a client's sessions, on its loop and in order, before any reply or watch event of the new
 * state.
 */
public interface SessionListener {

  /** The handle is connected and may be used: a new session, or one that was suspect. */
  void onConnected(SessionHandle handle);

  /** The handle's connection broke or went silent; requests answered later may still arrive. */
  void onSuspect(SessionHandle handle);

  /** The handle's session has ended, which is final. */
  void onLost(SessionHandle handle);
}
