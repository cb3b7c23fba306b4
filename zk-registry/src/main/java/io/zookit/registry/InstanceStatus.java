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
  /** It is there and takes no calls. Also what a reader makes of a status it does not know. */
  @Stored("down")
  DOWN
}
