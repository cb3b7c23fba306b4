package io.zookit.chaos;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zookit chaos [EXPERIMENT] [--seed N] [--minutes M]}: tries to break the promises, and writes a report. */
@Command(
    name = "zookit chaos",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Runs one experiment, or all of them, on three server processes and real clients, and breaks what it can:"
          + " processes are killed and stopped inside their sections, connections cut, leaders and quorums lost.",
      "A run whose control did not fail, or in which too few faults landed, is void and shows nothing.",
      "",
      "The report is written to target/chaos/chaos-report.md and .json, the logs beside it. Every fault is a line:"
          + " when, what, whom, whether it landed, and after how many milliseconds work went on.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Every promise held.",
      "1:A promise was broken, or a run was void.",
      "2:Usage."
    })
public final class ChaosCommand implements Callable<Integer> {

  private static final int MOST_MINUTES = 10;

  private final Path folder;
  private final PrintStream out;

  @Spec
  private @Nullable CommandSpec spec;

  private String experiment = "";
  private List<Long> seeds = LongStream.rangeClosed(1, 3).boxed().toList();
  private Duration length = Duration.ofMinutes(4);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  boolean help;

  private ChaosCommand(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "EXPERIMENT",
      description = "One of those below; all when none is given.")
  void setExperiment(String name) {
    if (!ExperimentRunner.experiments().containsKey(name)) {
      throw refused("experiment: " + name + " (expected: one of "
          + ExperimentRunner.experiments().keySet() + ")");
    }
    experiment = name;
  }

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the choices; without it three runs, with the seeds 1, 2 and 3.")
  void setSeed(long seed) {
    if (seed < 0) {
      throw refused("--seed: \"" + seed + "\" (expected: 0 to any number)");
    }
    seeds = List.of(seed);
  }

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "How long faults are caused, 1 to 10; 4 when not given.")
  void setMinutes(int minutes) {
    if (minutes < 1 || minutes > MOST_MINUTES) {
      throw refused("--minutes: \"" + minutes + "\" (expected: 1 to " + MOST_MINUTES + ")");
    }
    length = Duration.ofMinutes(minutes);
  }

  private ParameterException refused(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  /** Ends the process with one of the exit codes above. */
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
  static int run(List<String> args, Path folder, PrintStream out, PrintStream err) {
    CommandLine command = new CommandLine(new ChaosCommand(folder, out))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((refused, words) -> {
          err.println("zookit chaos: " + refused.getMessage());
          err.println("See: zookit chaos --help");
          return ExitCode.USAGE;
        });
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, experiments());
    int code = command.execute(args.toArray(String[]::new));
    if (code == ExitCode.OK && out.checkError()) {
      err.println("zookit chaos: the standard output cannot be written");
      return ExitCode.SOFTWARE;
    }
    return code;
  }

  private static IHelpSectionRenderer experiments() {
    return help -> {
      StringBuilder text = new StringBuilder("\nExperiments:\n");
      ExperimentRunner.experiments()
          .forEach((name, promise) -> text.append(String.format("  %-16s %s%n", name, promise)));
      return text.toString();
    };
  }

  @Override
  public Integer call() throws Exception {
    boolean held = new ExperimentRunner(folder, out::println).run(experiment, seeds, length);
    out.println("report: target/chaos/chaos-report.md");
    return held ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
