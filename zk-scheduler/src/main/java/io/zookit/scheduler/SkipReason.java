package io.zookit.scheduler;

/** Reason why a slot was not run although a node could have run it. */
public enum SkipReason {
  /** The run before was still on. */
  OVERLAP,
  /** The job was paused. */
  PAUSED,
  /** The catch-up policy gave it up for a later one. */
  POLICY,
  /** No connected node had the handler in the version the job asks for. */
  NO_CAPABLE_NODE
}
