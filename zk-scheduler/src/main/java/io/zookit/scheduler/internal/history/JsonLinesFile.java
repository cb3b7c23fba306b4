package io.zookit.scheduler.internal.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zookit.core.internal.codec.StoredNames;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.time.Slot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a {@link io.zookit.scheduler.history.JsonLinesHistory}: one JSON object per line, with the full files next
 * to it.
 */
public final class JsonLinesFile implements HistorySink.Archive {

  private static final StoredNames<SlotOutcome> OUTCOMES = StoredNames.of(SlotOutcome.class);

  private static final Logger log = LoggerFactory.getLogger(JsonLinesFile.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long STANDARD_BYTES = 10L << 20;
  private static final int STANDARD_FILES = 5;
  private static final byte[] END_OF_LINE = {'\n'};

  private final Path file;
  private final long bytes;
  private final int files;

  /** Set once the last line is known to be complete. */
  private boolean whole;

  /** The numbers of lines that are the ends of runs, and of others. */
  public record LineCounts(long runs, long damaged) {}

  /** A history of 5 files of 10 MiB. */
  public static JsonLinesFile of(Path file) {
    return new JsonLinesFile(file, STANDARD_BYTES, STANDARD_FILES);
  }

  /**
   * A history in a file.
   *
   * @param bytes how long a file gets, at least one line
   * @param files how many there are, 1 or more
   */
  public JsonLinesFile(Path file, long bytes, int files) {
    if (bytes < 1 || files < 1) {
      throw new IllegalArgumentException(
          "bytes: " + bytes + ", files: " + files + " (expected: 1 or more)");
    }
    this.file = file;
    this.bytes = bytes;
    this.files = files;
  }

  /** A history of 5 files of 10 MiB in the folder that {@code zookit.history} names; none if it names none. */
  public static HistorySink ofProperty() {
    String folder = System.getProperty("zookit.history");
    return folder == null
        ? HistorySink.none()
        : of(Path.of(folder, "runs-" + ProcessHandle.current().pid() + ".jsonl"));
  }

  @Override
  public synchronized void append(RunRecord run) {
    byte[] line = (json(run) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      PrivateFile own = PrivateFile.at(file);
      if (!whole && isCut()) {
        own.append(END_OF_LINE);
      }
      whole = false;
      if (own.size() > 0 && own.size() + line.length > bytes) {
        rotate();
      }
      own.append(line);
      whole = true;
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written", e);
    }
  }

  /** Returns whether the last line is unterminated. */
  private boolean isCut() throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (FileChannel there =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return there.size() > 0
          && there.read(last, there.size() - 1) == 1
          && last.get(0) != END_OF_LINE[0];
    }
  }

  @Override
  public synchronized List<RunRecord> runs(String job, Instant after, Instant upTo) {
    List<RunRecord> runs = new ArrayList<>();
    for (Path each : present()) {
      long damaged = read(each, run -> {
        Instant slot = run.slot().instant();
        if (run.job().equals(job) && slot.isAfter(after) && !slot.isAfter(upTo)) {
          runs.add(run);
        }
      });
      if (damaged > 0) {
        log.warn("{}: {} lines cannot be read and are left out", each, damaged);
      }
    }
    return runs;
  }

  /** Counts the lines of the file and of the full files next to it; both counts are 0 if there is no file. */
  public synchronized LineCounts lines() {
    long[] runs = {0};
    long damaged = 0;
    for (Path each : present()) {
      damaged += read(each, run -> runs[0]++);
    }
    return new LineCounts(runs[0], damaged);
  }

  /** The files that there are, oldest first, also those of a time when there were more. */
  private List<Path> present() {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    Pattern name =
        Pattern.compile(Pattern.quote(String.valueOf(file.getFileName())) + "(?:\\.(\\d{1,6}))?");
    Map<Integer, Path> found = new TreeMap<>(Comparator.reverseOrder());
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(Files::isRegularFile).forEach(each -> {
        Matcher matcher = name.matcher(String.valueOf(each.getFileName()));
        if (matcher.matches()) {
          found.put(matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1)), each);
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read", e);
    }
    return List.copyOf(found.values());
  }

  /** Reads the lines of a file; how many of them cannot be. A cut may go through a letter, too. */
  private static long read(Path each, Consumer<RunRecord> runs) {
    long damaged = 0;
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(Files.newInputStream(each), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<RunRecord> run = read(line);
        run.ifPresent(runs);
        damaged += run.isEmpty() && !line.isBlank() ? 1 : 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(each + ": cannot be read", e);
    }
    return damaged;
  }

  /** A line, if it is the end of a run. */
  private static Optional<RunRecord> read(String text) {
    try {
      JsonNode line = MAPPER.readTree(text);
      return Optional.of(new RunRecord(
          line.required("job").asText(),
          line.required("id").asText(),
          new Slot(
              instant(line, "slot"),
              LocalDateTime.parse(line.required("label").asText()),
              line.path("fold").asInt(0)), // older lines have none
          line.required("manual").asBoolean(),
          line.required("node").asText(),
          line.required("attempt").asInt(),
          instant(line, "start"),
          instant(line, "end"),
          OUTCOMES.parse(line.required("fate").asText()),
          line.required("overlapSuspected").asBoolean(),
          line.path("error").textValue()));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      log.debug("no end of a run: {}", e.toString());
      return Optional.empty();
    }
  }

  private static Instant instant(JsonNode line, String field) {
    return Instant.parse(line.required(field).asText());
  }

  private void rotate() throws IOException {
    for (int i = files - 1; i >= 1; i--) {
      Path from = i == 1 ? file : numbered(i - 1);
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
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
    line.put("fold", run.slot().fold());
    line.put("manual", run.manual());
    line.put("node", run.node());
    line.put("attempt", run.attempt());
    line.put("start", run.start().toString());
    line.put("end", run.end().toString());
    line.put("fate", OUTCOMES.nameOf(run.outcome()));
    line.put("overlapSuspected", run.overlapSuspected());
    line.put("error", run.error());
    return line.toString();
  }
}
