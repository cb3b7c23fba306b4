package io.zookit.benchmarks.config;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Measured;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.measure.Scenario;
import io.zookit.benchmarks.measure.ScenarioSetup;
import java.util.List;
import java.util.Map;

/** The rows of {@code zookit bench config}: scenarios, names and targets. */
public final class ConfigRows implements RowGroup {

  /** The prefix of the scenario names of this group. */
  static final String PREFIX = "config-";

  @Override
  public String name() {
    return "config";
  }

  @Override
  public List<Scenario> scenarios() {
    return List.of(
        publish(100),
        publish(300),
        publish(1000),
        one("paced", 1000, 1, millis("config.publish1000.paced")),
        one("read", 1, 1, new Measured("config.read", "nanos", false, 1.7)),
        one("race", 8, 3, new Measured("config.race8", "perSecond", true, 0.9)));
  }

  @Override
  public List<Growth> growths() {
    return List.of(new Growth(
        "config.publish",
        name(),
        PREFIX + "publish",
        "millis",
        "ms",
        "clients",
        Growth.sizes(100, 50)));
  }

  @Override
  public Map<String, Double> measure(ScenarioSetup setup) throws Exception {
    return new ConfigScenarios(setup).run();
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
