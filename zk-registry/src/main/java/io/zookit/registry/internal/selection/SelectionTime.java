package io.zookit.registry.internal.selection;

import io.zookit.core.Timekeeper;
import java.time.Instant;

/**
 * The moment of a selection.
 *
 * @param nanos the monotonic time
 * @param wall the wall clock
 * @param clock read by rules when they choose among the candidates of the selection
 */
public record SelectionTime(long nanos, Instant wall, Timekeeper clock) {

  /** The present moment. */
  public static SelectionTime of(Timekeeper clock) {
    return new SelectionTime(clock.nanos(), clock.now(), clock);
  }
}
