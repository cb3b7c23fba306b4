package io.zookit.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code zookit bench}: runs the rows of a group beside the peers and prints a line for each. */
public final class BenchCommand {

  private static final String USAGE = """
      Usage: zookit bench lock|registry|config|scheduler|all [ROW] [OPTIONS]
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
        --report DIR  rows and growth; also writes DIR/benchmarks.md, and plots to DIR/benchmarks
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
    System.exit(run(args));
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
    return options.get().group().equals(BenchOptions.JMH)
        ? JmhRun.run(options.get().prefix(), options.get().quick())
        : measure(options.get());
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

  private static int measure(BenchOptions options) throws InterruptedException, IOException {
    Path logs =
        Files.createDirectories(Path.of(System.getProperty("zookit.home", "."), "target", "bench"));
    BenchRun run = new BenchRun(
        options.quick(), options.ensemble(), logs, message -> System.err.println("  " + message));
    List<Row> rows = new ArrayList<>();
    Map<Growth, List<Growth.Point>> growth = new LinkedHashMap<>();
    if (!options.growth() || options.report().isPresent()) {
      for (Scenario scenario : scenarios(options)) {
        List<Row> measured = run.measure(scenario);
        measured.forEach(row -> System.out.println(row.line()));
        rows.addAll(measured);
      }
    }
    if (options.growth() || options.report().isPresent()) {
      for (Growth each : growths(options)) {
        List<Growth.Point> points = run.measure(each);
        points.forEach(point -> System.out.println(point.line()));
        growth.put(each, points);
      }
    }
    if (rows.isEmpty() && growth.isEmpty()) {
      System.err.println("zookit bench: no row begins with " + options.prefix());
      return 2;
    }
    write(options, rows, growth);
    return 0;
  }

  private static void write(
      BenchOptions options, List<Row> rows, Map<Growth, List<Growth.Point>> growth)
      throws IOException {
    if (options.json().isPresent()) {
      List<String> figures = new ArrayList<>(rows.stream().map(Row::json).toList());
      growth.values().forEach(points -> points.forEach(point -> figures.add(point.json())));
      String lines = figures.stream().collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
      Files.writeString(options.json().get(), lines, StandardCharsets.UTF_8);
    }
    if (options.report().isPresent()) {
      BenchReport.of(options, rows, growth).write(options.report().get());
    }
  }
}
