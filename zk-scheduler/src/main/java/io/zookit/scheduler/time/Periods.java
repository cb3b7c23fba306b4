package io.zookit.scheduler.time;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Limits of the durations and instants that schedules accept, so that no arithmetic on them overflows. */
final class Periods {

  /** The first instant after everything that can be scheduled. */
  static final Instant END = Instant.parse((CronSchedule.LAST_YEAR + 1) + "-01-01T00:00:00Z");

  private static final Instant BEGIN = Instant.EPOCH;
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofDays(3650);

  private Periods() {}

  static void require(String what, Duration length) {
    if (length.compareTo(LEAST) < 0 || length.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(what + ": " + length + " (expected: 100 ms to 3650 days)");
    }
    if (!length.equals(length.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException(what + ": " + length + " (expected: whole milliseconds)");
    }
  }

  static void requireInRange(String what, Instant instant) {
    if (instant.isBefore(BEGIN) || !instant.isBefore(END)) {
      throw new IllegalArgumentException(
          what + ": " + instant + " (expected: from 1970 to " + CronSchedule.LAST_YEAR + ")");
    }
    if (!instant.equals(instant.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException(what + ": " + instant + " (expected: whole milliseconds)");
    }
  }
}
