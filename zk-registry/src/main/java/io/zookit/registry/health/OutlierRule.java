package io.zookit.registry.health;

import java.time.Duration;
import java.util.List;

/**
 * When an instance is taken out of rotation for what its calls came to, and for how long.
 *
 * <p>It is out after so many failures in a row, or when its share of failures is far above that of the others. It comes
 * back by itself for a single call; a success and it stays, a failure and it is out for twice as long.
 *
 * @param failuresInRow so many are enough, 1 or more
 * @param firstBreak how long it is out for the first time
 * @param longestBreak how long at most
 * @param mostEjected the greatest share of the instances that may be out at the same time, 0 to 1
 */
public record OutlierRule(
    int failuresInRow, Duration firstBreak, Duration longestBreak, double mostEjected) {

  /** 5 failures, 30 s to 5 min, at most one half. */
  public static final OutlierRule STANDARD =
      new OutlierRule(5, Duration.ofSeconds(30), Duration.ofMinutes(5), 0.5);

  private static final double LEAST_DIFFERENCE = 0.6;
  private static final double DEVIATIONS = 1.9;
  private static final int FEW = 3;
  private static final int MOST_DOUBLINGS = 10;

  /** Checks the numbers. */
  public OutlierRule {
    if (failuresInRow < 1) {
      throw new IllegalArgumentException(
          "failuresInRow: " + failuresInRow + " (expected: 1 or more)");
    }
    if (!(mostEjected >= 0 && mostEjected <= 1)) {
      throw new IllegalArgumentException("mostEjected: " + mostEjected + " (expected: 0 to 1)");
    }
  }

  /** Tells if a share of failures is far above those of the others. */
  public boolean isOutlier(double share, List<Double> others) {
    if (others.size() < FEW) {
      return false;
    }
    double mean = others.stream().mapToDouble(each -> each).average().orElse(0);
    double variance = others.stream()
        .mapToDouble(each -> (each - mean) * (each - mean))
        .average()
        .orElse(0);
    return share > mean + Math.max(LEAST_DIFFERENCE, DEVIATIONS * Math.sqrt(variance));
  }

  /** Tells if one more may be out when so many of so many are. */
  public boolean admits(int ejected, int all) {
    return ejected + 1 <= mostEjected * all;
  }

  /** How long it is out for the n-th time in a row, counted from 1. */
  public Duration pause(int time) {
    long times = 1L << Math.min(time - 1, MOST_DOUBLINGS);
    return firstBreak.compareTo(longestBreak.dividedBy(times)) > 0
        ? longestBreak
        : firstBreak.multipliedBy(times);
  }
}
