package io.zookit.scheduler;

import io.zookit.core.internal.codec.Stored;

/** Final result of a slot. Every slot gets exactly one. */
public enum SlotOutcome {
  /** The run ended without an error. */
  @Stored("RAN")
  RAN,
  /** The run ended with an error after all its attempts, or was cancelled. */
  @Stored("FAILED")
  FAILED,
  /** The run was interrupted at its greatest length. */
  @Stored("TIMED_OUT")
  TIMED_OUT,
  /** It was not run though a node could have; {@link SkipReason} says why. */
  @Stored("SKIPPED")
  SKIPPED,
  /** It was not run, and no node of those that could was connected in time. */
  @Stored("MISSED")
  MISSED,
  /** The node that ran it died or lost its session before the end. */
  @Stored("ORPHANED")
  ORPHANED
}
