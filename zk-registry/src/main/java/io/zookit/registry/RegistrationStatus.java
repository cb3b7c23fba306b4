package io.zookit.registry;

/** Progress of a {@link Registration}. */
public enum RegistrationStatus {
  /** Not registered, or not any more; it is being tried. */
  PENDING,
  /** Registered, as far as this process knows. */
  REGISTERED,
  /**
   * Another live instance has the same id, another address and the newer node, so consumers see that one. If the own
   * node is lost in this state it is not made again.
   */
  CONFLICT,
  /** Ended on purpose: consumers are being notified, the node is about to go. */
  LEAVING,
  /** Over. */
  GONE
}
