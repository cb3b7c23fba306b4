package io.zookit.benchmarks;

import java.util.List;

/** The rows of {@code zookit bench config}: scenarios, names and targets. */
final class ConfigRows {

  /** The prefix of the scenario names of this group. */
  static final String PREFIX = "config-";

  private ConfigRows() {}

  static List<Scenario> scenarios() {
    return List.of(
        publish(100),
        publish(300),
        publish(1000),
        one("paced", 1000, 1, millis("config.publish1000.paced")),
        one("read", 1, 1, new Measured("config.read", "nanos", false, 1.7)),
        one("race", 8, 3, new Measured("config.race8", "perSecond", true, 0.9)));
  }

  private static Scenario publish(int clients) {
    return one("publish", clients, 1, millis("config.publish" + clients));
  }

  private static Measured millis(String name) {
    return new Measured(name, "millis", false, 1.2);
  }

  private static Scenario one(String name, int size, int servers, Measured row) {
    return new Scenario(PREFIX + name, size, servers, false, List.of(row));
  }
}
