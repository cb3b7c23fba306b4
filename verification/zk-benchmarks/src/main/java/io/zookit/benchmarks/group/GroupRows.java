package io.zookit.benchmarks.group;

import io.zookit.benchmarks.measure.Measured;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.measure.Scenario;
import io.zookit.benchmarks.measure.ScenarioSetup;
import java.util.List;
import java.util.Map;

/**
 * The rows of {@code zookit bench group}. Curator has no recipe for partitions; the peer is what is built with it instead: a
 * member owns the partitions whose number, modulo the members, is its place in their list.
 */
public final class GroupRows implements RowGroup {

  /** The prefix of the scenario names of this group. */
  static final String PREFIX = "group-";

  private static final int PARTITIONS = 1_024;

  @Override
  public String name() {
    return "group";
  }

  @Override
  public List<Scenario> scenarios() {
    return List.of(
        one("death", less("group.reowned1024", "millis", 0.9)),
        one(
            "join",
            less("group.join1024.interrupted", "interrupted", 100),
            less("group.join1024.moved", "moved", 10)));
  }

  @Override
  public Map<String, Double> measure(ScenarioSetup setup) throws Exception {
    return new GroupScenarios(setup).run();
  }

  private static Measured less(String name, String metric, double target) {
    return new Measured(name, metric, false, target);
  }

  private static Scenario one(String name, Measured... rows) {
    return new Scenario(PREFIX + name, PARTITIONS, 1, false, List.of(rows));
  }
}
