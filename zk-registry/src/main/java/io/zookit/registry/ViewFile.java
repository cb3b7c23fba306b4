package io.zookit.registry;

import com.google.common.hash.Hashing;
import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last view of one service on disk.
 *
 * <p>The file is one line with the SHA-256 of the rest and its length, then a {@link SavedView}. It is replaced as a whole:
 * written beside, forced to disk, renamed. So after a crash there is the old one or the new one, and whatever else is
 * found is refused.
 */
final class ViewFile {

  private static final Logger log = LoggerFactory.getLogger(ViewFile.class);
  private static final String MAGIC = "zookit-view 1 ";
  private static final int HEADER = MAGIC.length() + 64 + 1 + 10 + 1;

  private final Path file;
  private final String service;
  private final Duration maxAge;

  ViewFile(Path folder, String service, Duration maxAge) {
    this.file = folder.resolve(service + ".view");
    this.service = service;
    this.maxAge = maxAge;
  }

  /** What an earlier run knew, unless it is damaged, too old, or of other data than those that are known now. */
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
    Path beside = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.deleteIfExists(beside);
      Files.createFile(beside, ownerOnly());
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(format(view));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log.warn("{}: cannot be written, the one before stays", file, e);
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  static byte[] format(SavedView view) {
    byte[] body = view.encode();
    byte[] header = (MAGIC + sumOf(body) + String.format(" %010d\n", body.length))
        .getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(header, header.length + body.length);
    System.arraycopy(body, 0, all, header.length, body.length);
    return all;
  }

  /** The view in a file; empty when a byte is missing or another. */
  static Optional<SavedView> parse(byte[] all) {
    if (all.length < HEADER) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOfRange(all, HEADER, all.length);
    String expected = MAGIC + sumOf(body) + String.format(" %010d\n", body.length);
    String header = new String(all, 0, HEADER, StandardCharsets.US_ASCII);
    return header.equals(expected) ? SavedView.decode(body) : Optional.empty();
  }

  private static String sumOf(byte[] body) {
    return Hashing.sha256().hashBytes(body).toString();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
