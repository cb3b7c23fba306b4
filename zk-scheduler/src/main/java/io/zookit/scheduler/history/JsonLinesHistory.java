package io.zookit.scheduler.history;

import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.internal.history.JsonLinesFile;
import io.zookit.scheduler.internal.history.JsonLinesFile.LineCounts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Keeps the ends of runs in a file, one JSON object per line; a full file is renamed to {@code .1}, the previous one to
 * {@code .2} and so on, and the oldest is deleted. Reads cover the file and all full files next to it.
 *
 * <p>Stack traces may reveal more than the application wants others to read: the files are accessible to their owner
 * only (0600), and so is the folder if it is created here (0700). A link in place of the file, or of its folder, is not
 * followed, and a world-writable folder is refused unless its files are protected from others (the sticky bit).
 *
 * <p><i>Failure:</i> a crash may truncate the line that is being written. It is left out when the file is read, and the
 * next line is not appended to it.
 */
public final class JsonLinesHistory implements HistorySink.Archive {

  private final JsonLinesFile file;

  /**
   * Line counts of the files.
   *
   * @param runs lines that are the ends of runs
   * @param damaged lines that cannot be read: truncated by a crash, or written by other software
   */
  public record Lines(long runs, long damaged) {}

  /**
   * A history in a file.
   *
   * @param bytes how long a file gets, at least one line
   * @param files how many there are, 1 or more
   */
  public JsonLinesHistory(Path file, long bytes, int files) {
    this(new JsonLinesFile(file, bytes, files));
  }

  private JsonLinesHistory(JsonLinesFile file) {
    this.file = file;
  }

  /** A history of 5 files of 10 MiB. */
  public static JsonLinesHistory of(Path file) {
    return new JsonLinesHistory(JsonLinesFile.of(file));
  }

  @Override
  public void append(RunRecord run) {
    file.append(run);
  }

  @Override
  public List<RunRecord> runs(String job, Instant after, Instant upTo) {
    return file.runs(job, after, upTo);
  }

  /** Counts the lines of the file and of the full files next to it; both counts are 0 if there is no file. */
  public Lines lines() {
    LineCounts counts = file.lines();
    return new Lines(counts.runs(), counts.damaged());
  }
}
