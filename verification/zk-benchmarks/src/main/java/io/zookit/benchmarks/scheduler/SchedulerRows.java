package io.zookit.benchmarks.scheduler;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Measured;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.measure.Scenario;
import io.zookit.benchmarks.measure.ScenarioSetup;
import java.util.List;
import java.util.Map;

/** The rows of {@code zookit bench scheduler}: scenarios, names and targets. */
public final class SchedulerRows implements RowGroup {

  /** The prefix of the scenario names. */
  static final String SCENARIO = "jobs-";

  private static final int NODES = 2;
  private static final int ENSEMBLE_NODES = 3;
  private static final int ARMED = 100_000;

  @Override
  public String name() {
    return "scheduler";
  }

  @Override
  public List<Scenario> scenarios() {
    return List.of(
        scenario(
            "late",
            NODES,
            new Measured("scheduler.late100", "p99Millis", false, 5),
            new Measured("scheduler.doubles", "doubles", false, 1)),
        scenario("fires", NODES, new Measured("scheduler.fires", "perSecond", true, 8)),
        scenario(
            "claim",
            ENSEMBLE_NODES,
            new Measured("scheduler.claim", "requestsEach", false, 7.0 / 3)),
        scenario(
            "armed",
            ARMED,
            new Measured("scheduler.armed100k", "millis", false, 10),
            new Measured("scheduler.armed100k.memory", "bytesEach", false, 16)));
  }

  @Override
  public List<Growth> growths() {
    return List.of(new Growth(
        "scheduler.armed",
        name(),
        SCENARIO + "armed",
        "millis",
        "ms",
        "jobs",
        Growth.sizes(1_000, 100)));
  }

  @Override
  public Map<String, Double> measure(ScenarioSetup setup) throws Exception {
    return new SchedulerScenarios(setup).run();
  }

  private static Scenario scenario(String name, int size, Measured... rows) {
    return new Scenario(SCENARIO + name, size, 1, false, List.of(rows));
  }
}
