package io.zookit.scheduler.time;

/** What becomes of local times that come twice because the clocks go back. */
public enum FoldPolicy {
  /** A slot at the first of the two. */
  FIRST,
  /** A slot at the second of the two. */
  LAST,
  /** Two slots. */
  BOTH
}
