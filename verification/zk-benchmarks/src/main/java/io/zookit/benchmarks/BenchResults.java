package io.zookit.benchmarks;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Row;
import io.zookit.benchmarks.measure.VoidRunException;
import io.zookit.benchmarks.report.BenchFigures;
import io.zookit.benchmarks.report.BenchReport;
import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The results of a call of {@code zookit bench}, printed and saved after each step because a run can be long. */
final class BenchResults {

  private final BenchOptions options;
  private final String run;
  private final BenchFigures now = new BenchFigures();
  private final BenchFigures page;

  private BenchResults(BenchOptions options, BenchFigures page) {
    this.options = options;
    this.run = describe(options);
    this.page = page;
  }

  /** Returns results with nothing measured yet; an existing page keeps the figures it has. */
  static BenchResults open(BenchOptions options) throws IOException {
    Optional<Path> report = options.report();
    return new BenchResults(
        options,
        report.isPresent()
            ? BenchFigures.read(BenchReport.figuresIn(report.get()))
            : new BenchFigures());
  }

  private static String describe(BenchOptions options) {
    return String.join(
        ", ",
        Timekeeper.system().now().atZone(ZoneOffset.UTC).toLocalDate().toString(),
        Runtime.getRuntime().availableProcessors() + " processors",
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        "Java " + System.getProperty("java.version"),
        options.isQuick() ? "1 short round" : "3 rounds",
        options.isEnsemble() ? "3 servers for every row" : "1 server, or 3 where the row says so");
  }

  /** Something to measure. */
  interface Measurement {
    void run() throws InterruptedException;
  }

  /** Runs a step; a void step is reported and does not affect the others. */
  void take(String name, Measurement step) throws InterruptedException, IOException {
    try {
      step.run();
      page.succeed(name);
    } catch (VoidRunException e) {
      String reason = Objects.requireNonNullElse(e.getMessage(), "no reason given");
      now.fail(name, reason);
      page.fail(name, reason);
      System.out.println(name + " void: " + reason);
    }
    write();
  }

  void addRows(List<Row> measured) {
    for (Row row : measured) {
      System.out.println(row.line());
      BenchFigures.KeptRow kept = new BenchFigures.KeptRow(run, row);
      now.put(kept);
      page.put(kept);
    }
  }

  void addPoint(Growth.Point measured) {
    System.out.println(measured.line());
    BenchFigures.KeptPoint kept = new BenchFigures.KeptPoint(run, measured);
    now.put(kept);
    page.put(kept);
  }

  /** Returns whether there was nothing to measure. */
  boolean isEmpty() {
    return now.isEmpty();
  }

  /** Returns whether a step failed. */
  boolean isVoid() {
    return !now.voided().isEmpty();
  }

  private void write() throws IOException {
    if (options.json().isPresent()) {
      now.writeLines(options.json().get());
    }
    if (options.report().isPresent()) {
      BenchReport.of(page, BenchGroups.growths()).write(options.report().get());
    }
  }
}
