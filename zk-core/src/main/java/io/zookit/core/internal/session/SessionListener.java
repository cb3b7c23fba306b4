package io.zookit.core.internal.session;

/**
 * Receives the transitions of a client's sessions, on its loop and in order, before any reply or watch event of the new
 * state.
 *
 * <pre>
 *   onConnected ──► onSuspect ──► onConnected                  connected again before the deadline
 *                       ├───────► onDeadline ──► onConnected   the session lived on, and its nodes with it
 *                       └───────► onDeadline ──► onLost        or onLost without the deadline
 * </pre>
 */
public interface SessionListener {

  /** The handle is connected and may be used: a new session, or one that was suspect. */
  void onConnected(SessionHandle handle);

  /** The handle's connection broke or went silent; requests answered later may still arrive. */
  void onSuspect(SessionHandle handle);

  /**
   * The handle's deadline has passed while it was disconnected, once for each time it is. The servers may have ended the
   * session, so what must not outlive its node is over. Nodes whose owner goes on are kept: they are still the session's
   * own if it is connected again. Nodes whose owner is over are deleted then.
   */
  default void onDeadline(SessionHandle handle) {}

  /** The handle's session has ended, which is final. */
  void onLost(SessionHandle handle);
}
