package io.zookit.benchmarks.id;

import io.zookit.benchmarks.measure.Measured;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.measure.Scenario;
import io.zookit.benchmarks.measure.ScenarioSetup;
import java.util.List;
import java.util.Map;

/**
 * The rows of {@code zookit bench id}: scenarios, names and targets. The peer of sequences is Curator's {@code
 * DistributedAtomicLong}, that of ids out of the process's own memory is CosId.
 */
public final class IdRows implements RowGroup {

  /** The prefix of the scenario names of this group. */
  static final String PREFIX = "id-";

  @Override
  public String name() {
    return "id";
  }

  @Override
  public List<Scenario> scenarios() {
    return List.of(
        one("sequence", 1, rate("id.sequence1", 1.5)),
        one("sequence", 16, rate("id.sequence16", 10)),
        one("segments", 1, rate("id.segments", 0.7)),
        one("snowflake", 1, rate("id.snowflake", 0.95)));
  }

  @Override
  public Map<String, Double> measure(ScenarioSetup setup) throws Exception {
    return new IdScenarios(setup).run();
  }

  private static Measured rate(String name, double target) {
    return new Measured(name, "perSecond", true, target);
  }

  private static Scenario one(String name, int size, Measured row) {
    return new Scenario(PREFIX + name, size, 1, false, List.of(row));
  }
}
