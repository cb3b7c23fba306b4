package io.zookit.scheduler;

/** Who runs a slot. */
public enum JobMode {
  /** One node. */
  EXCLUSIVE,
  /** Every capable node that is connected when the slot is opened; who that was is recorded. */
  BROADCAST,
  /** A number of shards, each run by one node; nodes take over the shards that others leave. */
  SHARDED
}
