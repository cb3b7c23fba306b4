package io.zookit.benchmarks;

import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child JVM: one scenario, one implementation, one round. Prints its figures as lines. */
final class BenchChild {

  private static final Logger log = LoggerFactory.getLogger(BenchChild.class);

  static final String FIGURE = "figure ";

  private BenchChild() {}

  /** Arguments: scenario, size, implementation, address, warm-up and measured time in milliseconds. */
  public static void main(String[] args) throws Exception {
    ChildJvm.exitWithParent();
    Duration warmUp = Duration.ofMillis(Long.parseLong(args[4]));
    Duration measured = Duration.ofMillis(Long.parseLong(args[5]));
    figures(args[0], Integer.parseInt(args[1]), args[2], args[3], warmUp, measured)
        .forEach((metric, value) -> System.out.println(FIGURE + metric + " " + value));
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static Map<String, Double> figures(
      String scenario,
      int size,
      String implementation,
      String address,
      Duration warmUp,
      Duration measured)
      throws Exception {
    if (scenario.startsWith(ConfigRows.PREFIX)) {
      return new ConfigScenarios(implementation, address, warmUp, measured).run(scenario, size);
    }
    if (scenario.startsWith(RegistryRows.PREFIX)) {
      return new RegistryScenarios(implementation, address, warmUp, measured).run(scenario, size);
    }
    if (scenario.startsWith(IdRows.PREFIX)) {
      return new IdScenarios(implementation, address, warmUp, measured).run(scenario, size);
    }
    return scenario.startsWith(SchedulerRows.SCENARIO)
        ? new SchedulerScenarios(implementation, address, warmUp, measured).run(scenario, size)
        : new LockScenarios(implementation, address, warmUp, measured).run(scenario, size);
  }

  /** A run in which anything failed measures nothing. */
  static void voidRun(Throwable reason) {
    log.error("this run is void", reason);
    Runtime.getRuntime().halt(3);
  }
}
