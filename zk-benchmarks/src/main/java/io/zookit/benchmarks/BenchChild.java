package io.zookit.benchmarks;

import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.util.Map;

/** A child JVM: one scenario, one implementation, one round. Prints its figures as lines. */
final class BenchChild {

  static final String FIGURE = "figure ";

  private BenchChild() {}

  /** Arguments: scenario, size, implementation, address, warm-up and measured time in milliseconds. */
  public static void main(String[] args) throws Exception {
    ChildJvm.exitWithParent();
    Duration warmUp = Duration.ofMillis(Long.parseLong(args[4]));
    Duration measured = Duration.ofMillis(Long.parseLong(args[5]));
    int size = Integer.parseInt(args[1]);
    Map<String, Double> figures = args[0].startsWith(RegistryRows.PREFIX)
        ? new RegistryScenarios(args[2], args[3], warmUp, measured).run(args[0], size)
        : new LockScenarios(args[2], args[3], warmUp, measured).run(args[0], size);
    figures.forEach((metric, value) -> System.out.println(FIGURE + metric + " " + value));
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** A run in which anything failed measures nothing. */
  static void voidRun(Throwable reason) {
    reason.printStackTrace(System.err);
    Runtime.getRuntime().halt(3);
  }
}
