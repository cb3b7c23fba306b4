package io.zookit.core.internal.request;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Delays between attempts: each is twice as long as the one before, up to a limit, and spread at random by a quarter in
 * either direction, so that clients that failed together do not try again together.
 *
 * @param first the delay after the first failure, before it is spread; more than zero
 * @param limit the longest delay, before it is spread; not less than {@code first}
 */
public record Backoff(Duration first, Duration limit) {

  /** Checks the two delays. */
  public Backoff {
    if (first.isNegative() || first.isZero()) {
      throw new IllegalArgumentException("first: " + first + " (expected: more than zero)");
    }
    if (limit.compareTo(first) < 0) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: " + first + " or more)");
    }
  }

  /**
   * Returns the delay before the next attempt.
   *
   * @param failures how many attempts failed before the last one, zero or more; any number is valid
   */
  public Duration delay(int failures) {
    return delay(failures, ThreadLocalRandom.current());
  }

  /** Returns the delay before the next attempt, spread by a source of randomness. */
  public Duration delay(int failures, RandomGenerator random) {
    Duration delay = first;
    for (int i = 0; i < failures && delay.compareTo(limit) < 0; i++) {
      delay = delay.compareTo(limit.dividedBy(2)) < 0 ? delay.multipliedBy(2) : limit;
    }
    return spread(delay, random);
  }

  /** Returns a delay that is at most a quarter shorter or longer than the given one, at random. */
  public static Duration spread(Duration delay) {
    return spread(delay, ThreadLocalRandom.current());
  }

  /** Returns a delay that is at most a quarter shorter or longer than the given one. */
  public static Duration spread(Duration delay, RandomGenerator random) {
    return delay.plus(Duration.ofNanos((long) (delay.toNanos() * (random.nextDouble() - 0.5) / 2)));
  }
}
