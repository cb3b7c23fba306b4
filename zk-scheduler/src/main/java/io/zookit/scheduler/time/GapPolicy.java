package io.zookit.scheduler.time;

/** What becomes of local times that do not exist because the clocks go forward. */
public enum GapPolicy {
  /** All of them are one slot, due at the moment the clocks go forward. */
  RUN_AT_TRANSITION,
  /** Each is due as much later as the clocks go forward: 02:30 becomes 03:30. */
  SHIFT,
  /** They are no slots. */
  SKIP
}
