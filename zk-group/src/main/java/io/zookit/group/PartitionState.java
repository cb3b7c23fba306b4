package io.zookit.group;

/** The state of a partition in the process that owns it. */
public enum PartitionState {
  /** The claim was sent. */
  CLAIMING,
  /** It is owned, and its handler runs or has returned. */
  OWNED,
  /** It is owned, and its handler has thrown and will be called again. */
  FAILED,
  /** It is being handed over. */
  DRAINING,
  /** The handover without a limit takes longer than ten seconds. */
  STUCK,
  /** The release was sent. */
  RELEASING,
  /** It is no longer owned, and its handler has not returned. */
  LOST
}
