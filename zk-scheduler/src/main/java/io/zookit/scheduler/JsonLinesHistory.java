package io.zookit.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zookit.scheduler.time.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ends of runs in a file, one JSON object a line; a full file is renamed to {@code .1}, the one before to
 * {@code .2} and so on, and the oldest goes.
 */
public final class JsonLinesHistory implements HistorySink.Archive {

  private static final Logger log = LoggerFactory.getLogger(JsonLinesHistory.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long STANDARD_BYTES = 10L << 20;
  private static final int STANDARD_FILES = 5;

  private final Path file;
  private final long bytes;
  private final int files;

  /**
   * A history in a file.
   *
   * @param bytes how long a file gets, at least one line
   * @param files how many there are, 1 or more
   */
  public JsonLinesHistory(Path file, long bytes, int files) {
    if (bytes < 1 || files < 1) {
      throw new IllegalArgumentException(
          "bytes: " + bytes + ", files: " + files + " (expected: 1 or more)");
    }
    this.file = file;
    this.bytes = bytes;
    this.files = files;
  }

  /** A history of 5 files of 10 MiB in the folder for temporary files, or where {@code zookit.history} says. */
  static JsonLinesHistory standard() {
    Path folder = Path.of(System.getProperty(
        "zookit.history",
        Path.of(System.getProperty("java.io.tmpdir"), "zookit-history").toString()));
    Path file = folder.resolve("runs-" + ProcessHandle.current().pid() + ".jsonl");
    return new JsonLinesHistory(file, STANDARD_BYTES, STANDARD_FILES);
  }

  @Override
  public synchronized void append(RunRecord run) {
    byte[] line = (json(run) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (Files.exists(file) && Files.size(file) + line.length > bytes) {
        rotate();
      }
      Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written", e);
    }
  }

  @Override
  public synchronized List<RunRecord> runs(String job, Instant after, Instant upTo) {
    List<RunRecord> runs = new ArrayList<>();
    for (int i = files - 1; i >= 0; i--) {
      Path each = i == 0 ? file : numbered(i);
      if (Files.exists(each)) {
        try (Stream<String> lines = Files.lines(each)) {
          lines.forEach(line -> read(line).ifPresent(runs::add));
        } catch (IOException e) {
          throw new UncheckedIOException(each + ": cannot be read", e);
        }
      }
    }
    runs.removeIf(run -> !run.job().equals(job)
        || !run.slot().instant().isAfter(after)
        || run.slot().instant().isAfter(upTo));
    return runs;
  }

  /** A line, unless a crash has cut it. */
  private static Optional<RunRecord> read(String text) {
    try {
      JsonNode line = MAPPER.readTree(text);
      return Optional.of(new RunRecord(
          line.required("job").asText(),
          line.required("id").asText(),
          new Slot(
              instant(line, "slot"), LocalDateTime.parse(line.required("label").asText()), 0),
          line.required("manual").asBoolean(),
          line.required("node").asText(),
          line.required("attempt").asInt(),
          instant(line, "start"),
          instant(line, "end"),
          Fate.valueOf(line.required("fate").asText()),
          line.required("overlapSuspected").asBoolean(),
          line.path("error").textValue()));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      log.warn("a line of the history cannot be read: {}", e.toString());
      return Optional.empty();
    }
  }

  private static Instant instant(JsonNode line, String field) {
    return Instant.parse(line.required(field).asText());
  }

  private void rotate() throws IOException {
    for (int i = files - 1; i >= 1; i--) {
      Path from = i == 1 ? file : numbered(i - 1);
      if (Files.exists(from)) {
        Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (files == 1) {
      Files.delete(file);
    }
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private static String json(RunRecord run) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("job", run.job());
    line.put("id", run.id());
    line.put("slot", run.slot().instant().toString());
    line.put("label", run.slot().label().toString());
    line.put("manual", run.manual());
    line.put("node", run.node());
    line.put("attempt", run.attempt());
    line.put("start", run.start().toString());
    line.put("end", run.end().toString());
    line.put("fate", run.fate().name());
    line.put("overlapSuspected", run.overlapSuspected());
    line.put("error", run.error());
    return line.toString();
  }
}
