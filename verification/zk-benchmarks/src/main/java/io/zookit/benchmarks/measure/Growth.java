package io.zookit.benchmarks.measure;

import java.util.List;
import java.util.Locale;

/**
 * Something of Zookit's that is done at several sizes.
 *
 * @param name {@code registry.view}
 * @param scenario the name of the scenario
 * @param metric which figure of it
 * @param unit of the figure
 * @param things what the size counts
 * @param sizes smallest first
 */
public record Growth(
    String name,
    String group,
    String scenario,
    String metric,
    String unit,
    String things,
    List<Integer> sizes) {

  /** One size and its median. */
  public record Point(String name, int size, double value, String unit) {

    /** The line of the point; the form is promised. */
    public String line() {
      return String.format(Locale.ROOT, "%s size=%d zookit=%s", name, size, Row.figure(value));
    }
  }

  /**
   * Returns sizes that grow: {@code first}, ten times as many, and {@code most} times as many.
   */
  public static List<Integer> sizes(int first, int most) {
    return List.of(first, 10 * first, most * first);
  }

  /** Returns the scenario that measures one size; it gives no row. */
  public Scenario at(int size) {
    return new Scenario(scenario, size, 1, false, List.of());
  }
}
