package io.zookit.scheduler.time;

import io.zookit.core.internal.codec.Stored;

/** Policy for local times that occur twice because the clocks go back. */
public enum FoldPolicy {
  /** A slot at the first of the two. */
  @Stored("FIRST")
  FIRST,
  /** A slot at the second of the two. */
  @Stored("LAST")
  LAST,
  /** Two slots. */
  @Stored("BOTH")
  BOTH
}
