package io.zookit.benchmarks;

import java.util.List;

/** The rows of {@code zookit bench registry}; the peer is Curator's service discovery. */
final class RegistryRows {

  static final String PREFIX = "registry-";

  /** Two requests are fine where the peer needs one. */
  private static final double AT_MOST_TWO = 0.5;

  private RegistryRows() {}

  static List<Scenario> scenarios() {
    return List.of(
        scenario("register", 10_000, less("registry.register10k", "millis", 8)),
        scenario("view", 10_000, less("registry.view10k", "millis", 20)),
        scenario(
            "wire",
            10_000,
            less("registry.view10k.requests", "viewRequests", 200),
            less("registry.reconnect10k", "reconnectRequests", 100)),
        scenario(
            "change",
            1_000,
            less("registry.change", "millis", 1),
            less("registry.change.requests", "requests", AT_MOST_TWO)),
        scenario(
            "arrive",
            1_000,
            less("registry.appear", "appearMillis", 1),
            less("registry.appear.requests", "appearRequests", AT_MOST_TWO),
            less("registry.disappear", "disappearMillis", 1),
            less("registry.disappear.requests", "disappearRequests", AT_MOST_TWO)),
        scenario(
            "arrive.spaced",
            1_000,
            less("registry.appear.spaced", "appearMillis", 1),
            less("registry.disappear.spaced", "disappearMillis", 1)),
        scenario(
            "choose",
            1_000,
            less("registry.choose", "chooseNanos", 1_000),
            less("registry.pick", "pickNanos", 300)),
        scenario("memory", 10_000, less("registry.memory", "bytesEach", 1.75)));
  }

  private static Measured less(String name, String metric, double target) {
    return new Measured(name, metric, false, target);
  }

  private static Scenario scenario(String name, int size, Measured... rows) {
    return new Scenario(PREFIX + name, size, 1, false, List.of(rows));
  }
}
