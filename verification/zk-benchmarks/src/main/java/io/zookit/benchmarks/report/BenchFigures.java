package io.zookit.benchmarks.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The measured figures, each with the run that measured it. They are kept in a file next to the page that is written from
 * them, so that a run of some rows replaces those and keeps the others.
 */
public final class BenchFigures {

  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(SerializationFeature.INDENT_OUTPUT)
      .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
      .build();

  /** A row, and when and where it was measured. */
  public record KeptRow(String run, Row row) {}

  /** A point of a growth, and when and where it was measured. */
  public record KeptPoint(String run, Growth.Point point) {}

  /** A row as a line of {@code --json}. */
  private record RowLine(
      String name,
      BigDecimal zookit,
      BigDecimal peer,
      BigDecimal ratio,
      BigDecimal target,
      boolean met,
      long spreadPercent) {

    static RowLine of(Row row) {
      return new RowLine(
          row.name(),
          new BigDecimal(Row.figure(row.zookit())),
          new BigDecimal(Row.figure(row.peer())),
          BigDecimal.valueOf(row.ratio()).setScale(3, RoundingMode.HALF_UP),
          new BigDecimal(Row.figure(row.target())),
          row.isMet(),
          Math.round(row.spread()));
    }
  }

  /** A point of a growth as a line of {@code --json}. */
  private record PointLine(String name, int size, BigDecimal zookit, String unit) {

    static PointLine of(Growth.Point point) {
      return new PointLine(
          point.name(), point.size(), new BigDecimal(Row.figure(point.value())), point.unit());
    }
  }

  private record Stored(List<KeptRow> rows, List<KeptPoint> growth, Map<String, String> voided) {
    private Stored {
      rows = Objects.requireNonNullElse(rows, List.of());
      growth = Objects.requireNonNullElse(growth, List.of());
      voided = Objects.requireNonNullElse(voided, Map.of());
    }
  }

  private final Map<String, KeptRow> rows = new LinkedHashMap<>();
  private final Map<String, KeptPoint> points = new LinkedHashMap<>();
  private final Map<String, String> voided = new LinkedHashMap<>();

  /** A file that is not what {@link #write} writes. */
  public static final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1;

    private UnreadableException(Path file, JacksonException cause) {
      super(file + ": no figures of earlier runs (" + cause.getOriginalMessage() + ")", cause);
    }
  }

  /** The figures in a file; none when there is no file. */
  public static BenchFigures read(Path file) throws IOException {
    BenchFigures figures = new BenchFigures();
    if (Files.exists(file)) {
      Stored stored;
      try {
        stored = JSON.readValue(file.toFile(), Stored.class);
      } catch (JacksonException e) {
        throw new UnreadableException(file, e);
      }
      stored.rows.forEach(figures::put);
      stored.growth.forEach(figures::put);
      figures.voided.putAll(stored.voided);
    }
    return figures;
  }

  void write(Path file) throws IOException {
    Stored stored =
        new Stored(List.copyOf(rows.values()), List.copyOf(points.values()), Map.copyOf(voided));
    Files.writeString(file, JSON.writeValueAsString(stored) + "\n");
  }

  /** Writes the figures alone, without their runs, as a JSON array. */
  public void writeLines(Path file) throws IOException {
    List<Object> lines = new ArrayList<>();
    rows().forEach(row -> lines.add(RowLine.of(row)));
    points().forEach(point -> lines.add(PointLine.of(point)));
    Files.writeString(file, JSON.writeValueAsString(lines) + "\n");
  }

  public void put(KeptRow kept) {
    rows.put(kept.row().name(), kept);
  }

  public void put(KeptPoint kept) {
    points.put(kept.point().name() + "@" + kept.point().size(), kept);
  }

  /** Something measured nothing, for a reason. */
  public void fail(String name, String reason) {
    voided.put(name, reason);
  }

  /** Something that may have failed before has measured. */
  public void succeed(String name) {
    voided.remove(name);
  }

  List<Row> rows() {
    return rows.values().stream().map(KeptRow::row).toList();
  }

  List<Growth.Point> points() {
    return points.values().stream().map(KeptPoint::point).toList();
  }

  /** Returns the failed measurements by name, each with its reason. */
  public Map<String, String> voided() {
    return voided;
  }

  public boolean isEmpty() {
    return rows.isEmpty() && points.isEmpty() && voided.isEmpty();
  }

  /** The runs, each with what it measured: {@code lock, registry: 2026-11-21, 2 processors, …}. */
  List<String> runs() {
    Map<String, Set<String>> groups = new LinkedHashMap<>();
    rows.values().forEach(kept -> group(groups, kept.run(), kept.row().name()));
    points.values().forEach(kept -> group(groups, kept.run(), kept.point().name()));
    List<String> runs = new ArrayList<>();
    groups.forEach((run, names) -> runs.add(String.join(", ", names) + ": " + run));
    return runs;
  }

  private static void group(Map<String, Set<String>> groups, String run, String name) {
    groups.computeIfAbsent(run, first -> new LinkedHashSet<>()).add(BenchReport.group(name));
  }
}
