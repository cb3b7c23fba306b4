package io.zookit.benchmarks.report;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A page for human readers with the figures: tables, missed targets with their reasons, and plots of growth. */
public record BenchReport(BenchFigures figures, RowNotes notes, List<Growth> growths) {

  private static final String PAGE = "benchmarks";

  private static final String METHOD = """
      # Benchmarks

      Written by `./zookit bench all --report docs`; a run of some rows, such as `./zookit bench lock --report docs`,
      replaces these. Each row is done by a peer and by Zookit in turn (A B A B), each time in a JVM of its own, against
      servers that are processes of their own with fsync on. What is compared are the medians of the rounds. **Ratio** says
      how many times better than the peer Zookit is, so more is better and 1.0 is equal; **spread** is the widest distance
      of a round from its median. Requests and bytes are counted on the wire and do not depend on how busy the machine is;
      times do, and only their ratios mean something. The peers: Curator (locks, discovery, caches, counters), Quartz on
      PostgreSQL and ShedLock (jobs), CosId (ids in memory). All figures: [figures.json](benchmarks/figures.json).

      """;

  /** Returns the page of figures with the notes that come with the rows. */
  public static BenchReport of(BenchFigures figures, List<Growth> growths) {
    return new BenchReport(figures, RowNotes.standard(), growths);
  }

  /** Returns the file with the figures from which the page of a folder is written. */
  public static Path figuresIn(Path folder) {
    return folder.resolve(PAGE).resolve("figures.json");
  }

  /** Writes the page, its figures and its plots into a folder. */
  public void write(Path folder) throws IOException {
    Path plots = Files.createDirectories(folder.resolve(PAGE));
    figures.write(figuresIn(folder));
    for (Map.Entry<Growth, List<Growth.Point>> each : growth().entrySet()) {
      Files.writeString(
          plots.resolve(each.getKey().name() + ".svg"),
          GrowthPlot.of(each.getKey(), each.getValue()).svg(),
          StandardCharsets.UTF_8);
    }
    Files.writeString(folder.resolve(PAGE + ".md"), page(), StandardCharsets.UTF_8);
  }

  private Map<Growth, List<Growth.Point>> growth() {
    Map<Growth, List<Growth.Point>> growth = new LinkedHashMap<>();
    for (Growth each : growths) {
      List<Growth.Point> points = figures.points().stream()
          .filter(point -> point.name().equals(each.name()))
          .sorted(Comparator.comparingInt(Growth.Point::size))
          .toList();
      if (!points.isEmpty()) {
        growth.put(each, points);
      }
    }
    return growth;
  }

  String page() {
    StringBuilder page = new StringBuilder(METHOD);
    figures.runs().forEach(each -> page.append("- ").append(each).append('\n'));
    for (String group : groups()) {
      page.append("\n## ").append(group).append("\n\n");
      page.append("| row | what is measured | Zookit | peer | ratio | target | spread | |\n");
      page.append("|---|---|---:|---:|---:|---:|---:|---|\n");
      figures.rows().stream()
          .filter(row -> group(row.name()).equals(group))
          .forEach(row -> page.append(line(row)));
    }
    appendMissed(page);
    appendVoid(page);
    appendGrowth(page);
    return page.toString();
  }

  private List<String> groups() {
    List<String> groups = new ArrayList<>();
    figures.rows().stream().map(row -> group(row.name())).distinct().forEach(groups::add);
    return groups;
  }

  /** The group that a row or a growth belongs to. */
  static String group(String row) {
    return row.substring(0, row.indexOf('.'));
  }

  private String line(Row row) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.2f | %s | %.0f %% | %s |%n",
        row.name(),
        notes.method(row.name()),
        Row.figure(row.zookit()),
        Row.figure(row.peer()),
        row.ratio(),
        Row.figure(row.target()),
        row.spread(),
        row.isMet() ? "met" : "**missed**");
  }

  private void appendMissed(StringBuilder page) {
    List<Row> missed = figures.rows().stream().filter(row -> !row.isMet()).toList();
    if (!missed.isEmpty()) {
      page.append("\n## What was missed, and where the time goes\n\n");
      missed.forEach(row -> page.append("- **")
          .append(row.name())
          .append("**: ")
          .append(notes.reason(row.name()))
          .append('\n'));
    }
  }

  private void appendVoid(StringBuilder page) {
    if (!figures.voided().isEmpty()) {
      page.append("\n## What failed and measured nothing\n\n");
      figures
          .voided()
          .forEach((name, reason) ->
              page.append("- **").append(name).append("**: ").append(reason).append('\n'));
    }
  }

  private void appendGrowth(StringBuilder page) {
    if (!growth().isEmpty()) {
      page.append(
          "\n## Growth\n\nZookit alone; both axes are logarithmic, and the thin line grows as"
              + " the size does.\n");
    }
    growth().forEach((each, points) -> {
      page.append("\n### ").append(each.name()).append("\n\n| ").append(each.things());
      page.append(" | ").append(each.unit()).append(" |\n|---:|---:|\n");
      points.forEach(point -> page.append(
          String.format(Locale.ROOT, "| %,d | %s |%n", point.size(), Row.figure(point.value()))));
      page.append(
          String.format("%n![%s](%s/%s.svg)%n", each.name() + " by size", PAGE, each.name()));
    });
  }
}
