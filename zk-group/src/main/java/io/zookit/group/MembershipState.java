package io.zookit.group;

/** The state of a membership. */
public enum MembershipState {
  /** Its node is not known to exist, as before the first connect or after the end of a session. */
  JOINING,
  /** Its node exists. */
  JOINED,
  /** It hands over what it owns. */
  LEAVING,
  /** It has ended. */
  LEFT,
  /** Another process has joined with its id. It hands over what it owns and never joins again. */
  SUPERSEDED
}
