package io.zookit.benchmarks;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks that need no server of their own to be started before: time and allocation of each call. */
final class JmhRun {

  private static final int ITERATIONS = 5;

  private JmhRun() {}

  /**
   * Runs them.
   *
   * @param pattern a regular expression that their names have to contain; empty for all
   */
  static int run(String pattern, boolean quick) {
    try {
      new Runner(new OptionsBuilder()
              .include(pattern.isEmpty() ? ViewChoices.class.getSimpleName() : pattern)
              .forks(1)
              .jvmArgs("-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
              .warmupIterations(quick ? 2 : ITERATIONS)
              .warmupTime(TimeValue.seconds(1))
              .measurementIterations(quick ? 3 : ITERATIONS)
              .measurementTime(TimeValue.seconds(1))
              .addProfiler(GCProfiler.class)
              .build())
          .run();
      return 0;
    } catch (RunnerException e) {
      System.err.println("zookit bench jmh: " + e.getMessage());
      return 1;
    }
  }
}
