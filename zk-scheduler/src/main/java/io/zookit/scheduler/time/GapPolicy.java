package io.zookit.scheduler.time;

import io.zookit.core.internal.codec.Stored;

/** Policy for local times that do not exist because the clocks go forward. */
public enum GapPolicy {
  /** All of them are one slot, due at the moment the clocks go forward. */
  @Stored("RUN_AT_TRANSITION")
  RUN_AT_TRANSITION,
  /** Each is due as much later as the clocks go forward: 02:30 becomes 03:30. */
  @Stored("SHIFT")
  SHIFT,
  /** They are no slots. */
  @Stored("SKIP")
  SKIP
}
