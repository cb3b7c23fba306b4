package io.zookit.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a call of {@code zookit bench} has measured so far: told, and kept after each step, for a run can be long. */
final class BenchResults {

  private final BenchOptions options;
  private final List<Row> rows = new ArrayList<>();
  private final Map<Growth, List<Growth.Point>> growth = new LinkedHashMap<>();
  private final Map<String, String> voided = new LinkedHashMap<>();

  BenchResults(BenchOptions options) {
    this.options = options;
  }

  /** Something to measure. */
  interface Step {
    void run() throws InterruptedException;
  }

  /** Takes a step; one that is void is told and leaves the others alone. */
  void take(String name, Step step) throws InterruptedException, IOException {
    try {
      step.run();
    } catch (VoidRunException e) {
      voided.put(name, e.getMessage());
      System.out.println(name + " void: " + e.getMessage());
    }
    write();
  }

  void addRows(List<Row> measured) {
    measured.forEach(row -> System.out.println(row.line()));
    rows.addAll(measured);
  }

  void addGrowth(Growth of, List<Growth.Point> points) {
    points.forEach(point -> System.out.println(point.line()));
    growth.put(of, points);
  }

  /** Whether there was nothing to measure. */
  boolean isEmpty() {
    return rows.isEmpty() && growth.isEmpty() && voided.isEmpty();
  }

  /** Whether something failed. */
  boolean isVoid() {
    return !voided.isEmpty();
  }

  private void write() throws IOException {
    if (options.json().isPresent()) {
      List<String> figures = new ArrayList<>(rows.stream().map(Row::json).toList());
      growth.values().forEach(points -> points.forEach(point -> figures.add(point.json())));
      String lines = figures.stream().collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
      Files.writeString(options.json().get(), lines, StandardCharsets.UTF_8);
    }
    if (options.report().isPresent()) {
      BenchReport.of(options, rows, growth, voided).write(options.report().get());
    }
  }
}
