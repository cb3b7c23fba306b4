package io.zookit.registry;

import io.zookit.core.internal.codec.Stored;

/** Status that an instance has in its own view. */
public enum InstanceStatus {
  /** It takes calls. */
  @Stored("up")
  UP,
  /** It is about to end: it finishes what it has and takes nothing new. */
  @Stored("leaving")
  LEAVING,
  /** The instance is registered and takes no calls. A reader also uses this for a status that it does not recognize. */
  @Stored("down")
  DOWN
}
