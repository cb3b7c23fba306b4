package io.zookit.benchmarks;

import java.util.List;

/** The rows of {@code zookit bench scheduler}: scenarios, names and targets. */
final class SchedulerRows {

  /** The prefix of the scenario names. */
  static final String SCENARIO = "jobs-";

  private static final int NODES = 2;
  private static final int ENSEMBLE_NODES = 3;
  private static final int ARMED = 100_000;

  private SchedulerRows() {}

  static List<Scenario> scenarios() {
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

  private static Scenario scenario(String name, int size, Measured... rows) {
    return new Scenario(SCENARIO + name, size, 1, false, List.of(rows));
  }
}
