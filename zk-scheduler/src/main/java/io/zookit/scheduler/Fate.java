package io.zookit.scheduler;

/** What became of a slot. Every slot gets exactly one. */
public enum Fate {
  /** The run ended without an error. */
  RAN('R'),
  /** The run ended with an error after all its attempts, or was cancelled. */
  FAILED('F'),
  /** The run was interrupted at its greatest length. */
  TIMED_OUT('T'),
  /** It was not run though a node could have; {@link SkipReason} says why. */
  SKIPPED('S'),
  /** It was not run, and no node of those that could was connected in time. */
  MISSED('M'),
  /** The node that ran it died or lost its session before the end. */
  ORPHANED('O');

  private final char code;

  Fate(char code) {
    this.code = code;
  }

  char code() {
    return code;
  }
}
