package io.zookit.scheduler.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A slot at {@code start}, and one each {@code period} after it.
 *
 * @param period 100 ms to 3650 days, whole milliseconds
 * @param start the first slot, whole milliseconds
 */
public record FixedRate(Duration period, Instant start) implements Schedule {

  /** Creates a schedule. */
  public FixedRate {
    Periods.require("period", period);
    Periods.requireInRange("start", start);
  }

  /** The same period, counted from another start. */
  public FixedRate from(Instant newStart) {
    return new FixedRate(period, newStart);
  }

  @Override
  public Optional<Slot> next(Instant after) {
    if (after.isBefore(start)) {
      return Optional.of(Slot.at(start));
    }
    if (!after.isBefore(Periods.END)) {
      return Optional.empty();
    }
    long step = period.toMillis();
    long passed = (after.toEpochMilli() - start.toEpochMilli()) / step;
    Instant next = start.plusMillis((passed + 1) * step);
    return next.isBefore(Periods.END) ? Optional.of(Slot.at(next)) : Optional.empty();
  }

  /** Returns the number of slots after one instant, exclusive, up to another, inclusive. */
  public long count(Instant after, Instant upTo) {
    return Math.max(0, indexOf(upTo) - indexOf(after));
  }

  private long indexOf(Instant instant) {
    return Math.max(
        -1, Math.floorDiv(instant.toEpochMilli() - start.toEpochMilli(), period.toMillis()));
  }
}
