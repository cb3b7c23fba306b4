package io.zookit.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of a command line.
 *
 * @param group which rows
 * @param prefix what the names of the rows begin with
 * @param growth whether sizes are measured instead
 * @param json where the figures go, too
 * @param report the folder of the page that is written
 */
record BenchOptions(
    String group,
    String prefix,
    boolean quick,
    boolean ensemble,
    boolean growth,
    Optional<Path> json,
    Optional<Path> report) {

  static final String JMH = "jmh";

  private static final List<String> GROUPS =
      List.of("lock", "registry", "config", "scheduler", "id", "all", JMH);

  /** The options, if the words make sense. */
  static Optional<BenchOptions> parse(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    boolean quick = words.remove("--quick");
    boolean ensemble = words.remove("--ensemble");
    boolean growth = words.remove("--growth");
    Optional<Path> json = take(words, "--json");
    Optional<Path> report = take(words, "--report");
    boolean known = !words.isEmpty()
        && words.size() <= 2
        && GROUPS.contains(words.get(0))
        && words.stream().noneMatch(word -> word.startsWith("--"));
    return known
        ? Optional.of(new BenchOptions(
            words.get(0),
            words.size() == 2 ? words.get(1) : "",
            quick,
            ensemble,
            growth,
            json,
            report))
        : Optional.empty();
  }

  private static Optional<Path> take(List<String> words, String option) {
    int at = words.indexOf(option);
    if (at < 0 || at + 1 == words.size()) {
      return Optional.empty();
    }
    words.remove(at);
    return Optional.of(Path.of(words.remove(at)));
  }

  boolean covers(String which) {
    return group.equals(which) || group.equals("all");
  }
}
