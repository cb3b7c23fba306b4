package io.zookit.registry.health;

import java.time.Duration;
import java.util.List;

/**
 * Rule that takes an instance out of rotation because of the results of its calls, and determines for how long.
 *
 * <p>An instance is ejected after {@code failuresInRow} failures in a row, or when its share of failures is far above
 * that of the others. It comes back by itself for a single call: after a success it stays, after a failure it is out
 * for twice as long.
 *
 * @param failuresInRow the number of failures in a row that ejects an instance, 1 or more
 * @param firstBreak the duration of the first ejection
 * @param longestBreak the longest duration of an ejection
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

  /** Returns whether one more instance may be ejected if {@code ejected} of {@code all} already are. */
  public boolean admits(int ejected, int all) {
    return ejected + 1 <= mostEjected * all;
  }

  /** Returns the duration of the n-th ejection in a row, counted from 1. */
  public Duration pause(int time) {
    long times = 1L << Math.min(time - 1, MOST_DOUBLINGS);
    return firstBreak.compareTo(longestBreak.dividedBy(times)) > 0
        ? longestBreak
        : firstBreak.multipliedBy(times);
  }
}
