package io.zookit.scheduler;

import java.time.Duration;

/**
 * Retry policy for code that throws, under one claim.
 *
 * @param attempts total number of attempts, 1 for no retry
 * @param delay delay before the second attempt; it doubles for each further one
 * @param longest the maximum delay
 */
public record Retry(int attempts, Duration delay, Duration longest) {

  private static final int MOST = 100;
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Creates a policy. */
  public Retry {
    if (attempts < 1 || attempts > MOST) {
      throw new IllegalArgumentException(
          "attempts: " + attempts + " (expected: 1 to " + MOST + ")");
    }
    if (delay.isNegative() || delay.compareTo(longest) > 0) {
      throw new IllegalArgumentException("delay: " + delay + " (expected: 0 to " + longest + ")");
    }
    if (longest.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("longest: " + longest + " (expected: at most 1 day)");
    }
  }

  /** One try. */
  public static Retry none() {
    return new Retry(1, Duration.ZERO, Duration.ZERO);
  }

  /** Returns a policy with a total number of attempts and a delay that doubles up to a maximum. */
  public static Retry attempts(int attempts, Duration delay, Duration longest) {
    return new Retry(attempts, delay, longest);
  }

  /** Returns the delay after a number of failed attempts. */
  public Duration after(int failed) {
    long millis = delay.toMillis() << Math.min(failed - 1, 20);
    return Duration.ofMillis(Math.min(millis, longest.toMillis()));
  }
}
