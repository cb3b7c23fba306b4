package io.zookit.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code zookit bench GROUP [ROW-PREFIX] [--quick] [--json FILE]}: runs the rows of a group and prints a line for each.
 */
public final class BenchCommand {

  private static final String USAGE = """
      Usage: zookit bench lock|registry|all [ROW] [--quick] [--json FILE]

        Runs Zookit beside its peers and prints one line a row:
          NAME zookit=… peer=… ratio=R target=T met|missed
        The ratio says how many times better than the peer; more is better and 1.0 is equal.

        ROW          only rows that begin with this, such as lock.contended
        --quick      one short round instead of three
        --json FILE  also writes the rows, with their spread

      Examples:
        zookit bench lock --quick
        zookit bench lock lock.free --json lock.json
      """;

  private static final List<String> GROUPS = List.of("lock", "registry", "all");

  private BenchCommand() {}

  /** Exit codes: 0 all rows measured, 1 a run was void, 2 usage. */
  public static void main(String[] args) throws InterruptedException, IOException {
    System.exit(run(args));
  }

  static int run(String... args) throws InterruptedException, IOException {
    List<String> words = new ArrayList<>(List.of(args));
    if (words.remove("--help") || words.remove("-h")) {
      System.out.print(USAGE);
      return 0;
    }
    boolean quick = words.remove("--quick");
    int json = words.indexOf("--json");
    @Nullable Path file = null;
    if (json >= 0 && json + 1 < words.size()) {
      file = Path.of(words.remove(json + 1));
      words.remove(json);
    }
    if (words.isEmpty() || words.size() > 2 || !GROUPS.contains(words.get(0))) {
      System.err.print(USAGE);
      return 2;
    }
    return measure(scenarios(words.get(0)), words.size() == 2 ? words.get(1) : "", quick, file);
  }

  private static List<Scenario> scenarios(String group) {
    List<Scenario> all = new ArrayList<>();
    all.addAll(group.equals("registry") ? List.of() : LockRows.scenarios());
    all.addAll(group.equals("lock") ? List.of() : RegistryRows.scenarios());
    return all;
  }

  private static int measure(
      List<Scenario> scenarios, String prefix, boolean quick, @Nullable Path json)
      throws InterruptedException, IOException {
    Path logs =
        Files.createDirectories(Path.of(System.getProperty("zookit.home", "."), "target", "bench"));
    BenchRun run = new BenchRun(quick, logs, message -> System.err.println("  " + message));
    List<Row> rows = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      if (scenario.rows().stream().anyMatch(row -> row.name().startsWith(prefix))) {
        for (Row row : run.measure(scenario)) {
          System.out.println(row.line());
          rows.add(row);
        }
      }
    }
    if (json != null) {
      String lines =
          rows.stream().map(Row::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
      Files.writeString(json, lines, StandardCharsets.UTF_8);
    }
    if (rows.isEmpty()) {
      System.err.println("zookit bench: no row begins with " + prefix);
      return 2;
    }
    return 0;
  }
}
