package io.zookit.core.internal.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Arithmetic with the lengths of time that users give: zero is not at all, and none is too long. What does not fit
 * counts as so long that it never ends, more than a century, and never as an error or as a moment in the past.
 */
public final class Timeouts {

  /** Half of what a long holds, so that a clock's reading can be added. */
  private static final long MOST_NANOS = Long.MAX_VALUE / 2;

  private static final long MOST_MILLIS = Long.MAX_VALUE / 4;
  private static final Duration MOST = Duration.ofMillis(MOST_MILLIS);
  private static final Instant FIRST = Instant.ofEpochMilli(-MOST_MILLIS);
  private static final Instant LAST = Instant.ofEpochMilli(MOST_MILLIS);

  private Timeouts() {}

  /**
   * A timeout in nanoseconds, at most 146 years: it can be added to the monotonic clock.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: zero or more)");
    }
    return Math.min(TimeUnit.NANOSECONDS.convert(timeout), MOST_NANOS);
  }

  /** A length in milliseconds, at most 73 million years in either direction: it can be added to the wall clock. */
  public static long millis(Duration length) {
    return within(length).toMillis();
  }

  /** A length in any unit. */
  public static Duration of(long time, TimeUnit unit) {
    long seconds = unit.toSeconds(time); // saturates
    boolean saturated = seconds == Long.MAX_VALUE || seconds == Long.MIN_VALUE;
    return within(saturated ? Duration.ofSeconds(seconds) : Duration.of(time, unit.toChronoUnit()));
  }

  /** The sum of two lengths. */
  public static Duration sum(Duration one, Duration other) {
    return within(one).plus(within(other));
  }

  /** A moment later than another. */
  public static Instant after(Instant moment, Duration length) {
    Instant base = moment.isAfter(LAST) ? LAST : moment.isBefore(FIRST) ? FIRST : moment;
    return base.plus(within(length));
  }

  /** A moment earlier than another. */
  public static Instant before(Instant moment, Duration length) {
    return after(moment, within(length).negated());
  }

  private static Duration within(Duration length) {
    if (length.compareTo(MOST) > 0) {
      return MOST;
    }
    return length.compareTo(MOST.negated()) < 0 ? MOST.negated() : length;
  }
}
