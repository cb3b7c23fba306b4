package io.zookit.registry.internal.consumer;

import com.google.common.hash.Hashing;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.codec.HeaderAndPayload;
import io.zookit.core.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last view of one service on disk.
 *
 * <p>The file is one line with the SHA-256 of the rest and its length, then a {@link SavedView}. It is replaced as a whole,
 * so a crash leaves the old one or the new one. A file whose hash or length does not match is refused.
 */
public final class ViewFile {

  private static final Logger log = LoggerFactory.getLogger(ViewFile.class);
  private static final String MAGIC = "zookit-view 1 ";

  private final Path file;
  private final String service;
  private final Duration maxAge;

  public ViewFile(Path folder, String service, Duration maxAge) {
    this.file = folder.resolve(service + ".view");
    this.service = service;
    this.maxAge = maxAge;
  }

  /**
   * Reads the view that an earlier run saved; empty if it is damaged, too old, of another service or of another
   * incarnation than the known one.
   */
  Optional<SavedView> read(Timekeeper timekeeper, Optional<Long> incarnation) {
    try {
      Optional<SavedView> saved = parse(Files.readAllBytes(file));
      if (saved.isEmpty()) {
        log.warn("{}: damaged, not used", file);
      }
      return saved
          .filter(view -> view.service().equals(service))
          .filter(view -> incarnation.isEmpty() || incarnation.get() == view.incarnation())
          .filter(
              view -> Duration.between(view.savedAt(), timekeeper.now()).compareTo(maxAge) <= 0);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      log.warn("{}: cannot be read, not used", file, e);
      return Optional.empty();
    }
  }

  /** Replaces the file. One caller at a time. */
  void write(SavedView view) {
    try {
      AtomicFile.write(file, format(view));
    } catch (IOException e) {
      log.warn("{}: cannot be written, the one before stays", file, e);
    }
  }

  static byte[] format(SavedView view) {
    byte[] body = view.encode();
    return new HeaderAndPayload(headerOf(body), body).toBytes();
  }

  private static byte[] headerOf(byte[] body) {
    return (MAGIC + sumOf(body) + String.format(" %010d", body.length))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The view in a file; empty when a byte is missing or another. */
  static Optional<SavedView> parse(byte[] all) {
    HeaderAndPayload file = HeaderAndPayload.parse(all);
    boolean whole = Arrays.equals(file.header(), headerOf(file.payload()));
    return whole ? SavedView.decode(file.payload()) : Optional.empty();
  }

  private static String sumOf(byte[] body) {
    return Hashing.sha256().hashBytes(body).toString();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
