package io.zookit.scheduler;

import io.zookit.core.internal.codec.Stored;

/** Policy for a slot that is due while the previous run is in progress. */
public enum Overlap {
  /** It is skipped. */
  @Stored("FORBID")
  FORBID,
  /** It is run concurrently. */
  @Stored("ALLOW")
  ALLOW,
  /** The old run is cancelled; the newest slot is run when it has gone. */
  @Stored("REPLACE")
  REPLACE,
  /** The first such slot waits for the end of the run, later ones are skipped. */
  @Stored("QUEUE_ONE")
  QUEUE_ONE
}
