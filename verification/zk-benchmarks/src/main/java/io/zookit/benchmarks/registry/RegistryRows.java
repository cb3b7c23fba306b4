package io.zookit.benchmarks.registry;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Measured;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.measure.Scenario;
import io.zookit.benchmarks.measure.ScenarioSetup;
import java.util.List;
import java.util.Map;

/** The rows of {@code zookit bench registry}; the peer is Curator's service discovery. */
public final class RegistryRows implements RowGroup {

  static final String PREFIX = "registry-";

  /** Two requests are fine where the peer needs one. */
  private static final double AT_MOST_TWO = 0.5;

  @Override
  public String name() {
    return "registry";
  }

  @Override
  public List<Scenario> scenarios() {
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

  @Override
  public List<Growth> growths() {
    return List.of(new Growth(
        "registry.view",
        name(),
        PREFIX + "view",
        "millis",
        "ms",
        "instances",
        Growth.sizes(1_000, 100)));
  }

  @Override
  public Map<String, Double> measure(ScenarioSetup setup) throws Exception {
    return new RegistryScenarios(setup).run();
  }

  private static Measured less(String name, String metric, double target) {
    return new Measured(name, metric, false, target);
  }

  private static Scenario scenario(String name, int size, Measured... rows) {
    return new Scenario(PREFIX + name, size, 1, false, List.of(rows));
  }
}
