package io.zookit.scheduler.time;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A slot each {@code delay} after the end of the last run, or after the verdict on it when its node died.
 *
 * @param delay 100 ms to 3650 days, whole milliseconds
 */
public record FixedDelay(Duration delay) implements Schedule {

  /** Creates a schedule. */
  public FixedDelay {
    Periods.require("delay", delay);
  }

  /**
   * The slot that follows a run.
   *
   * @param after the end of the run
   */
  @Override
  public Optional<Slot> next(Instant after) {
    if (!after.isBefore(Periods.END)) {
      return Optional.empty();
    }
    Instant next = after.truncatedTo(ChronoUnit.MILLIS).plus(delay);
    return next.isBefore(Periods.END) ? Optional.of(Slot.at(next)) : Optional.empty();
  }
}
