package io.zookit.benchmarks.measure;

import java.util.Arrays;
import java.util.Collection;

/** Computations over the single figures of a run. */
public final class Figures {

  private Figures() {}

  /** Returns the middle one, the greater of two; NaN if there is none. */
  public static double median(Collection<Double> values) {
    double[] sorted = sorted(values);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  /**
   * Returns the value below which a share of the values lies; NaN if there is none.
   *
   * @param share 0 to 1
   */
  public static double percentile(Collection<? extends Number> values, double share) {
    double[] sorted = sorted(values);
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  /** Returns the widest distance of a value from the median, in per cent of it. */
  public static double spread(Collection<Double> values) {
    double middle = median(values);
    return 100
        * values.stream()
            .mapToDouble(value -> value == middle ? 0 : Math.abs(value - middle) / middle)
            .max()
            .orElse(0);
  }

  private static double[] sorted(Collection<? extends Number> values) {
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
