package io.zookit.scheduler;

/** What becomes of a slot that is due while the run before is still on. */
public enum Overlap {
  /** It is skipped. */
  FORBID,
  /** It is run beside it. */
  ALLOW,
  /** The old run is cancelled; the newest slot is run when it has gone. */
  REPLACE,
  /** The first such slot waits for the end of the run, later ones are skipped. */
  QUEUE_ONE
}
