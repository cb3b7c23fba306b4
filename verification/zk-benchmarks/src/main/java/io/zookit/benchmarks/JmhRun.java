package io.zookit.benchmarks;

import io.zookit.benchmarks.registry.ViewChoices;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zookit bench jmh}: runs the JMH benchmarks that need no server to be started before. */
@Command(
    name = "jmh",
    description = "Time and allocation of single calls whose name contains the PATTERN.")
final class JmhRun implements Callable<Integer> {

  private static final int ITERATIONS = 5;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "A regular expression; without it the choices of the registry.")
  private String pattern = "";

  @Option(names = "--quick", description = "Fewer iterations.")
  private boolean quick;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  boolean help;

  @Override
  public Integer call() {
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
      return ExitCode.OK;
    } catch (RunnerException e) {
      System.err.println("zookit bench jmh: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }
}
