package io.zookit.benchmarks;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.measure.Scenario;
import io.zookit.benchmarks.report.BenchFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zookit bench}: runs the rows of a group for Zookit and the peers, and prints a line for each. */
@Command(
    name = "zookit bench",
    subcommands = JmhRun.class,
    synopsisSubcommandLabel = "| jmh [PATTERN] [--quick]",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Runs Zookit beside its peers and prints one line a row:",
      "  NAME zookit=… peer=… ratio=R target=T met|missed",
      "The ratio says how many times better than the peer; more is better and 1.0 is equal."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:All rows were measured.", "1:A run was void.", "2:Usage."},
    footerHeading = "%nExamples:%n",
    footer = {
      "  zookit bench lock --quick",
      "  zookit bench lock lock.free --json lock.json",
      "  zookit bench registry --growth",
      "  zookit bench all --report docs",
      "  zookit bench jmh pick"
    })
public final class BenchCommand implements Callable<Integer> {

  @Mixin
  private BenchOptions options = new BenchOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  boolean help;

  /** Ends the process with one of the exit codes above. */
  public static void main(String[] args) {
    int code = run(args);
    if (code == ExitCode.OK && System.out.checkError()) {
      System.err.println("zookit bench: the standard output cannot be written");
      code = ExitCode.SOFTWARE;
    }
    System.exit(code);
  }

  static int run(String... args) {
    return new CommandLine(new BenchCommand()).execute(args);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    List<RowGroup> groups = options.groups();
    try {
      return measure(groups, BenchResults.open(options));
    } catch (BenchFigures.UnreadableException e) {
      System.err.println("zookit bench: " + e.getMessage());
      return ExitCode.USAGE;
    }
  }

  static List<Scenario> scenarios(RowGroup group, BenchOptions options) {
    return group.scenarios().stream()
        .filter(scenario ->
            scenario.rows().stream().anyMatch(row -> row.name().startsWith(options.prefix())))
        .toList();
  }

  static List<Growth> growths(BenchOptions options) {
    return options.groups().stream()
        .flatMap(group -> group.growths().stream())
        .filter(each -> each.name().startsWith(options.prefix()))
        .toList();
  }

  private int measure(List<RowGroup> groups, BenchResults results)
      throws InterruptedException, IOException {
    Path logs =
        Files.createDirectories(Path.of(System.getProperty("zookit.home", "."), "target", "bench"));
    BenchRun run = new BenchRun(
        options.isQuick(),
        options.isEnsemble(),
        logs,
        message -> System.err.println("  " + message));
    if (options.wantsRows()) {
      for (RowGroup group : groups) {
        for (Scenario scenario : scenarios(group, options)) {
          results.take(scenario.key(), () -> results.addRows(run.measure(group.name(), scenario)));
        }
      }
    }
    if (options.wantsGrowth()) {
      for (Growth each : growths(options)) {
        for (int size : each.sizes()) {
          results.take(each.name() + size, () -> results.addPoint(run.measure(each, size)));
        }
      }
    }
    if (results.isEmpty()) {
      System.err.println("zookit bench: no row begins with " + options.prefix());
      return ExitCode.USAGE;
    }
    return results.isVoid() ? ExitCode.SOFTWARE : ExitCode.OK;
  }
}
