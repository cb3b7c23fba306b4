package io.zookit.scheduler;

import io.zookit.core.internal.codec.Stored;

/** Assignment of a slot to nodes. */
public enum JobMode {
  /** One node. */
  @Stored("EXCLUSIVE")
  EXCLUSIVE,
  /** Every capable node that is connected when the slot is opened; the set of these nodes is recorded. */
  @Stored("BROADCAST")
  BROADCAST,
  /** A number of shards, each run by one node; nodes take over the shards that others leave. */
  @Stored("SHARDED")
  SHARDED
}
