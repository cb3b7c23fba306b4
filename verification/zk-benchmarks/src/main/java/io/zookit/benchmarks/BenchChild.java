package io.zookit.benchmarks;

import io.zookit.benchmarks.measure.ScenarioSetup;
import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;

/** A child JVM: one scenario, one implementation, one round. Prints its figures as lines. */
final class BenchChild {

  static final String FIGURE = "figure ";

  private BenchChild() {}

  /** Returns the arguments that measure a scenario of a group. */
  static List<String> arguments(String group, ScenarioSetup setup) {
    return List.of(
        group,
        setup.scenario(),
        Integer.toString(setup.size()),
        setup.implementation(),
        setup.address(),
        Long.toString(setup.warmUp().toMillis()),
        Long.toString(setup.measured().toMillis()));
  }

  /** Measures; see {@link #arguments}. */
  public static void main(String[] args) throws Exception {
    ChildJvm.exitWithParent();
    ScenarioSetup setup = new ScenarioSetup(
        args[1],
        Integer.parseInt(args[2]),
        args[3],
        args[4],
        Duration.ofMillis(Long.parseLong(args[5])),
        Duration.ofMillis(Long.parseLong(args[6])));
    BenchGroups.named(args[0])
        .measure(setup)
        .forEach((metric, value) -> System.out.println(FIGURE + metric + " " + value));
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
