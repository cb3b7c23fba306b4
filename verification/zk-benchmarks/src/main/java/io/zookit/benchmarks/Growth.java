package io.zookit.benchmarks;

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
record Growth(
    String name,
    String group,
    String scenario,
    String metric,
    String unit,
    String things,
    List<Integer> sizes) {

  /** One size and its median. */
  record Point(String name, int size, double value, String unit) {

    /** The line of the point; the form is promised. */
    String line() {
      return String.format(Locale.ROOT, "%s size=%d zookit=%s", name, size, Row.figure(value));
    }

    String json() {
      return String.format(
          Locale.ROOT,
          "{\"name\":\"%s\",\"size\":%d,\"zookit\":%s,\"unit\":\"%s\"}",
          name,
          size,
          Row.figure(value),
          unit);
    }
  }

  static List<Growth> all() {
    return List.of(
        new Growth("lock.drain", "lock", "drain", "millis", "ms", "waiters", sizes(100, 50)),
        new Growth(
            "registry.view",
            "registry",
            RegistryRows.PREFIX + "view",
            "millis",
            "ms",
            "instances",
            sizes(1_000, 100)),
        new Growth(
            "config.publish",
            "config",
            ConfigRows.PREFIX + "publish",
            "millis",
            "ms",
            "clients",
            sizes(100, 50)),
        new Growth(
            "scheduler.armed",
            "scheduler",
            SchedulerRows.SCENARIO + "armed",
            "millis",
            "ms",
            "jobs",
            sizes(1_000, 100)));
  }

  /** Returns the first size, ten times the first, and {@code most} times the first. */
  private static List<Integer> sizes(int first, int most) {
    return List.of(first, 10 * first, most * first);
  }

  Scenario at(int size) {
    return new Scenario(scenario, size, 1, false, List.of());
  }
}
