package io.zookit.benchmarks;

import io.zookit.benchmarks.measure.Figures;
import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Measured;
import io.zookit.benchmarks.measure.Row;
import io.zookit.benchmarks.measure.Scenario;
import io.zookit.benchmarks.measure.ScenarioSetup;
import io.zookit.benchmarks.measure.VoidRunException;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Measures scenarios: in each round the peer, then Zookit, so that what else the machine does meets both alike; the
 * medians of the rounds are compared.
 */
final class BenchRun {

  private static final List<String> IMPLEMENTATIONS =
      List.of(ScenarioSetup.PEER, ScenarioSetup.ZOOKIT);

  private static final int ENSEMBLE = 3;

  /** Half of what a server takes when nothing is said. */
  private static final String SERVER_HEAP = "-Xmx512m";

  private final int rounds;
  private final boolean ensemble;
  private final Duration warmUp;
  private final Duration measured;
  private final Path logs;
  private final Consumer<String> progress;

  /**
   * Creates a run without figures.
   *
   * @param ensemble whether all scenarios run on three servers, not only those that say so
   */
  BenchRun(boolean quick, boolean ensemble, Path logs, Consumer<String> progress) {
    this.ensemble = ensemble;
    this.rounds = quick ? 1 : 3;
    this.warmUp = quick ? Duration.ofSeconds(1) : Duration.ofSeconds(4);
    this.measured = quick ? Duration.ofSeconds(2) : Duration.ofSeconds(5);
    this.logs = logs;
    this.progress = progress;
  }

  List<Row> measure(String group, Scenario scenario) throws InterruptedException {
    Map<String, List<Double>> figures = new HashMap<>();
    try (ZkProcesses servers = servers(scenario)) {
      for (int round = 0; round < rounds; round++) {
        for (String implementation : IMPLEMENTATIONS) {
          progress.accept(
              scenario.key() + ": round " + (round + 1) + " of " + rounds + ", " + implementation);
          figuresOf(group, scenario, implementation, servers.connectString())
              .forEach((metric, value) -> figures
                  .computeIfAbsent(implementation + " " + metric, first -> new ArrayList<>())
                  .add(value));
        }
      }
    }
    return scenario.rows().stream().map(row -> row(row, figures)).toList();
  }

  /** Measures Zookit at one size, on servers of its own. */
  Growth.Point measure(Growth growth, int size) throws InterruptedException {
    Scenario scenario = growth.at(size);
    List<Double> values = new ArrayList<>();
    try (ZkProcesses servers = servers(scenario)) {
      for (int round = 0; round < rounds; round++) {
        progress.accept(scenario.key() + ": round " + (round + 1) + " of " + rounds);
        values.add(
            figuresOf(growth.group(), scenario, ScenarioSetup.ZOOKIT, servers.connectString())
                .getOrDefault(growth.metric(), Double.NaN));
      }
    }
    return new Growth.Point(growth.name(), size, Figures.median(values), growth.unit());
  }

  private ZkProcesses servers(Scenario scenario) {
    return ZkProcesses.servers(ensemble ? ENSEMBLE : scenario.servers())
        .jvmOptions(SERVER_HEAP)
        .start();
  }

  private Row row(Measured row, Map<String, List<Double>> figures) {
    List<Double> ours = figures.getOrDefault(ScenarioSetup.ZOOKIT + " " + row.metric(), List.of());
    List<Double> peers = figures.getOrDefault(ScenarioSetup.PEER + " " + row.metric(), List.of());
    double spread = Math.max(Figures.spread(ours), Figures.spread(peers));
    return new Row(
        row.name(),
        Figures.median(ours),
        Figures.median(peers),
        row.moreIsBetter(),
        row.target(),
        spread);
  }

  private Map<String, Double> figuresOf(
      String group, Scenario scenario, String implementation, String address)
      throws InterruptedException {
    if (!scenario.counted()) {
      return child(group, scenario, implementation, address);
    }
    try (FaultProxy proxy = FaultProxy.to(ScenarioSetup.firstServer(address))) {
      Map<String, Double> figures =
          new HashMap<>(child(group, scenario, implementation, proxy.connectString()));
      double ops = figures.getOrDefault("ops", Double.NaN);
      figures.put("bytesEach", proxy.counts().bytesFromServer() / ops);
      figures.put("requestsEach", proxy.counts().total() / ops);
      return figures;
    }
  }

  private Map<String, Double> child(
      String group, Scenario scenario, String implementation, String address)
      throws InterruptedException {
    boolean whole = scenario.counted(); // bytes are counted from the first on, so every section is
    ScenarioSetup setup = new ScenarioSetup(
        scenario.name(),
        scenario.size(),
        implementation,
        address,
        whole ? Duration.ZERO : warmUp,
        measured);
    try (ChildJvm child = ChildJvm.of(BenchChild.class)
        .jvmOptions("-Xmx3g", "-Xss512k", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
        .args(BenchChild.arguments(group, setup).toArray(String[]::new))
        .log(logs.resolve(scenario.name() + scenario.size() + "-" + implementation + ".log"))
        .start()) {
      OptionalInt exit = child.awaitExit(Duration.ofMinutes(3));
      if (exit.isEmpty() || exit.getAsInt() != 0) {
        throw new VoidRunException(implementation + ": exit "
            + (exit.isPresent() ? exit.getAsInt() : "none within 3 minutes") + ", log target/bench/"
            + child.log().getFileName());
      }
      return parse(child.lines());
    }
  }

  private static Map<String, Double> parse(List<String> lines) {
    Map<String, Double> figures = new HashMap<>();
    for (String line : lines) {
      if (line.startsWith(BenchChild.FIGURE)) {
        int value = line.lastIndexOf(' ');
        figures.put(
            line.substring(BenchChild.FIGURE.length(), value),
            Double.valueOf(line.substring(value + 1)));
      }
    }
    return figures;
  }
}
