package io.zookit.registry;

/** How far a {@link Registration} is from what it wants. */
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
  /** Ended on purpose: consumers are being told, the node is about to go. */
  LEAVING,
  /** Over. */
  GONE
}
