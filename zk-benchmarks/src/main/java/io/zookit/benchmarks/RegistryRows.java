package io.zookit.benchmarks;

import java.util.List;

/** The rows of {@code zookit bench registry}; the peer is Curator's service discovery. */
final class RegistryRows {

  static final String PREFIX = "registry-";

  private RegistryRows() {}

  static List<Scenario> scenarios() {
    return List.of(
        scenario("register", 10_000, new Measured("registry.register10k", "millis", false, 8)),
        scenario("view", 10_000, new Measured("registry.view10k", "millis", false, 20)),
        scenario(
            "choose",
            1_000,
            new Measured("registry.choose", "chooseNanos", false, 1_000),
            new Measured("registry.pick", "pickNanos", false, 300)));
  }

  private static Scenario scenario(String name, int size, Measured... rows) {
    return new Scenario(PREFIX + name, size, 1, false, List.of(rows));
  }
}
