package io.zookit.chaos;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** {@code zookit chaos [EXPERIMENT] [--seed N] [--minutes M]}: tries to break the promises, and writes a report. */
public final class ChaosCommand {

  private static final String USAGE = """
      Usage: zookit chaos [EXPERIMENT] [--seed N] [--minutes M]

        Runs one experiment, or all of them, on three server processes and real clients, and breaks what it can:
        processes are killed and stopped inside their sections, connections cut, leaders and quorums lost.
        A run whose control did not fail, or in which too few faults landed, is void and shows nothing.

        --seed N      of the choices; without it three runs, with the seeds 1, 2 and 3
        --minutes M   how long faults are caused, 1 to 10; 4 when not given

      The report is written to target/chaos/chaos-report.md and .json, the logs beside it. Every fault is a line: when,
      what, whom, whether it landed, and after how many milliseconds work went on.

      Experiments:
      """;

  private ChaosCommand() {}

  /** Exit codes: 0 every promise held, 1 one was broken or a run was void, 2 usage. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(System.getProperty("zookit.home", "."), "target", "chaos");
    Files.createDirectories(folder);
    // Warnings of the experiment's own clients while their servers die go to a file, for
    // diagnosis.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.setProperty(
        "org.slf4j.simpleLogger.logFile", folder.resolve("chaos.log").toString());
    System.exit(run(List.of(args), folder, System.out, System.err));
  }

  /** Runs the command; a promise that held but could not be reported counts as not held. */
  static int run(List<String> args, Path folder, PrintStream out, PrintStream err)
      throws Exception {
    int code = carryOut(args, folder, out, err);
    if (code == 0 && out.checkError()) {
      err.println("zookit chaos: the standard output cannot be written");
      return 1;
    }
    return code;
  }

  private static int carryOut(List<String> args, Path folder, PrintStream out, PrintStream err)
      throws Exception {
    List<String> words = new ArrayList<>(args);
    if (words.contains("--help") || words.contains("-h")) {
      out.print(USAGE);
      ExperimentRunner.experiments()
          .forEach((name, promise) -> out.printf("  %-16s %s%n", name, promise));
      return 0;
    }
    String experiment;
    List<Long> seeds;
    Duration length;
    try {
      seeds = option(words, "--seed", 0, Long.MAX_VALUE, List::of)
          .orElse(LongStream.rangeClosed(1, 3).boxed().toList());
      length = option(words, "--minutes", 1, 10, Duration::ofMinutes).orElse(Duration.ofMinutes(4));
      experiment = experiment(words);
    } catch (IllegalArgumentException e) {
      err.println("zookit chaos: " + e.getMessage());
      err.println("See: zookit chaos --help");
      return 2;
    }
    boolean held = new ExperimentRunner(folder, out::println).run(experiment, seeds, length);
    out.println("report: target/chaos/chaos-report.md");
    return held ? 0 : 1;
  }

  private static String experiment(List<String> words) {
    if (words.size() > 1) {
      throw new IllegalArgumentException(words.get(1) + ": not expected here");
    }
    String name = words.isEmpty() ? "" : words.get(0);
    if (!name.isEmpty() && !ExperimentRunner.experiments().containsKey(name)) {
      throw new IllegalArgumentException("experiment: " + name + " (expected: one of "
          + ExperimentRunner.experiments().keySet() + ")");
    }
    return name;
  }

  private static <T> Optional<T> option(
      List<String> words, String option, long least, long greatest, LongFunction<T> make) {
    int at = words.indexOf(option);
    if (at < 0) {
      return Optional.empty();
    }
    String text = at + 1 < words.size() ? words.remove(at + 1) : "";
    words.remove(at);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= greatest) {
        return Optional.of(make.apply(number));
      }
    } catch (NumberFormatException e) {
      // reported below, with the expected value
    }
    throw new IllegalArgumentException(option + ": \"" + text + "\" (expected: " + least + " to "
        + (greatest == Long.MAX_VALUE ? "any number" : greatest) + ")");
  }
}
