package io.zookit.registry;

/** What an instance says of itself. */
public enum InstanceStatus {
  /** It takes calls. */
  UP,
  /** It is about to end: it finishes what it has and takes nothing new. */
  LEAVING,
  /** It is there and takes no calls. Also what a reader makes of a status it does not know. */
  DOWN
}
