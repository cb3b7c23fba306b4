package io.zookit.scheduler.time;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A pure function from an instant to the next {@link Slot}.
 *
 * <p>Schedules are data: equal ones are interchangeable, and all nodes compute the same slots from them.
 */
public sealed interface Schedule permits CronSchedule, FixedRate, FixedDelay, OneShot {

  /**
   * The first slot after an instant, exclusive; empty when there is none any more.
   *
   * <p><i>Cost:</i> bounded. It looks no further than the year {@value CronSchedule#LAST_YEAR}.
   */
  Optional<Slot> next(Instant after);

  /**
   * A cron expression in Quartz' syntax: second, minute, hour, day of month, month, day of week and, at will, year; or in
   * that of Unix: minute, hour, day of month, month, day of week.
   *
   * @throws IllegalArgumentException naming the field and what it may hold, or when the expression never fires
   */
  static CronSchedule cron(String expression, ZoneId zone) {
    return CronSchedule.of(expression, zone);
  }

  /** A slot each {@code period}, counted from 1970-01-01T00:00Z; see {@link FixedRate#from}. */
  static FixedRate every(Duration period) {
    return new FixedRate(period, Instant.EPOCH);
  }

  /** A slot each {@code delay} after the end of the last run. */
  static FixedDelay delay(Duration delay) {
    return new FixedDelay(delay);
  }

  /** One slot. */
  static OneShot once(Instant instant) {
    Periods.requireInRange("instant", instant);
    return new OneShot(Slot.at(instant));
  }

  /**
   * One slot at a local time; one in a gap is due when the clocks have gone forward, one that comes twice at the first.
   */
  static OneShot once(LocalDateTime time, ZoneId zone) {
    return OneShot.at(time, zone, GapPolicy.RUN_AT_TRANSITION, FoldPolicy.FIRST);
  }
}
