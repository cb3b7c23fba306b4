package io.zookit.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code zookit bench}: runs the rows of a group for Zookit and the peers, and prints a line for each. */
public final class BenchCommand {

  private static final String USAGE = """
      Usage: zookit bench lock|registry|config|scheduler|id|all [ROW] [OPTIONS]
             zookit bench jmh [PATTERN] [--quick]

        Runs Zookit beside its peers and prints one line a row:
          NAME zookit=… peer=… ratio=R target=T met|missed
        The ratio says how many times better than the peer; more is better and 1.0 is equal.

        ROW           only rows that begin with this, such as lock.contended
        --quick       one short round instead of three
        --ensemble    three servers for every row
        --growth      Zookit alone, at sizes that grow, one line a size:
                        NAME size=N zookit=…
        --json FILE   also writes the figures, with their spread
        --report DIR  rows and growth; also writes DIR/benchmarks.md, with figures and plots in
                      DIR/benchmarks; rows of earlier runs stay
        jmh           time and allocation of single calls whose name contains the PATTERN

      Examples:
        zookit bench lock --quick
        zookit bench lock lock.free --json lock.json
        zookit bench registry --growth
        zookit bench all --report docs
        zookit bench jmh pick
      """;

  private BenchCommand() {}

  /** Exit codes: 0 all rows measured, 1 a run was void, 2 usage. */
  public static void main(String[] args) throws InterruptedException, IOException {
    int code = run(args);
    if (code == 0 && System.out.checkError()) {
      System.err.println("zookit bench: the standard output cannot be written");
      code = 1;
    }
    System.exit(code);
  }

  static int run(String... args) throws InterruptedException, IOException {
    if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
      System.out.print(USAGE);
      return 0;
    }
    Optional<BenchOptions> options = BenchOptions.parse(args);
    if (options.isEmpty()) {
      System.err.print(USAGE);
      return 2;
    }
    if (options.get().group().equals(BenchOptions.JMH)) {
      return JmhRun.run(options.get().prefix(), options.get().quick());
    }
    try {
      return measure(options.get(), BenchResults.open(options.get()));
    } catch (BenchFigures.UnreadableException e) {
      System.err.println("zookit bench: " + e.getMessage());
      return 2;
    }
  }

  static List<Scenario> scenarios(BenchOptions options) {
    List<Scenario> all = new ArrayList<>();
    if (options.covers("lock")) {
      all.addAll(LockRows.scenarios());
    }
    if (options.covers("registry")) {
      all.addAll(RegistryRows.scenarios());
    }
    if (options.covers("config")) {
      all.addAll(ConfigRows.scenarios());
    }
    if (options.covers("scheduler")) {
      all.addAll(SchedulerRows.scenarios());
    }
    if (options.covers("id")) {
      all.addAll(IdRows.scenarios());
    }
    return all.stream()
        .filter(scenario ->
            scenario.rows().stream().anyMatch(row -> row.name().startsWith(options.prefix())))
        .toList();
  }

  static List<Growth> growths(BenchOptions options) {
    return Growth.all().stream()
        .filter(each -> options.covers(each.group()) && each.name().startsWith(options.prefix()))
        .toList();
  }

  private static int measure(BenchOptions options, BenchResults results)
      throws InterruptedException, IOException {
    Path logs =
        Files.createDirectories(Path.of(System.getProperty("zookit.home", "."), "target", "bench"));
    BenchRun run = new BenchRun(
        options.quick(), options.ensemble(), logs, message -> System.err.println("  " + message));
    if (!options.growth() || options.report().isPresent()) {
      for (Scenario scenario : scenarios(options)) {
        results.take(scenario.key(), () -> results.addRows(run.measure(scenario)));
      }
    }
    if (options.growth() || options.report().isPresent()) {
      for (Growth each : growths(options)) {
        for (int size : each.sizes()) {
          results.take(each.name() + size, () -> results.addPoint(run.measure(each, size)));
        }
      }
    }
    if (results.isEmpty()) {
      System.err.println("zookit bench: no row begins with " + options.prefix());
      return 2;
    }
    return results.isVoid() ? 1 : 0;
  }
}
