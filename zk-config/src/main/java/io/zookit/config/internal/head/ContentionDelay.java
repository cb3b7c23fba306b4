package io.zookit.config.internal.head;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Delay of a change that another one overtook, before it is planned again: anything up to a bound that doubles each time.
 *
 * <p>Changes of one head that begin at the same time are overtaken at the same time, too. Unlike the delays after failures,
 * these begin at zero and their unit is what an attempt takes, so that one of the rivals goes ahead at once.
 */
final class ContentionDelay {

  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private ContentionDelay() {}

  /**
   * Returns a delay.
   *
   * @param overtaken how often the change was overtaken; 1 or more
   * @param attempt the time that its last attempt took
   */
  static Duration after(int overtaken, Duration attempt, RandomGenerator random) {
    Duration longest = attempt.multipliedBy(1L << Math.min(overtaken - 1, MOST_DOUBLINGS));
    Duration bound = longest.compareTo(LONGEST) < 0 ? longest : LONGEST;
    return Duration.ofNanos((long) (bound.toNanos() * random.nextDouble()));
  }
}
