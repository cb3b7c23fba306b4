package io.zookit.chaos.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file system of a few megabytes, which can be filled. A helper process mounts it in a name space of its own, where every
 * user may do so if the machine allows it; others reach it through {@code /proc/PID/root} while the helper lives.
 */
public final class SmallDisk implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SmallDisk.class);
  private static final String READY = "ready";
  private static final String FULL = "No space left on device";
  private static final String MOUNT =
      "mount -t tmpfs -o size=24m zookit \"$1\" && echo " + READY + " && exec cat";
  private static final int PIECE = 4096;
  private static final int PATIENCE_SECONDS = 10;

  private final @Nullable Process helper;
  private final Path mountPoint;

  private SmallDisk(@Nullable Process helper, Path mountPoint) {
    this.helper = helper;
    this.mountPoint = mountPoint;
  }

  /** A disk without anything on it; without a {@link #folder()} where the machine does not allow it. */
  public static SmallDisk small() throws IOException {
    Path mountPoint = Files.createTempDirectory("zookit-disk-");
    SmallDisk disk = new SmallDisk(mount(mountPoint), mountPoint);
    if (disk.folder().isPresent()) {
      return disk;
    }
    disk.close();
    return new SmallDisk(null, mountPoint);
  }

  private static @Nullable Process mount(Path mountPoint) {
    try {
      Process process = new ProcessBuilder(
              "unshare", "-Urm", "sh", "-c", MOUNT, "sh", mountPoint.toString())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String line = process.inputReader(StandardCharsets.UTF_8).readLine();
      if (READY.equals(line)) {
        return process;
      }
      process.destroy();
    } catch (IOException e) {
      log.debug("no name spaces", e);
    }
    return null;
  }

  /** A folder on it; empty when there is no such disk on this machine. */
  public Optional<Path> folder() {
    return root().map(root -> root.resolve("data"));
  }

  private Optional<Path> root() {
    return Optional.ofNullable(helper)
        .map(process -> Path.of("/proc/" + process.pid() + "/root" + mountPoint.toAbsolutePath()))
        .filter(Files::isWritable);
  }

  /** Writes until nothing more can be written. */
  public void fill() {
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(new byte[PIECE]);
      }
    } catch (IOException e) {
      log.debug("the disk is full", e);
    }
  }

  /** Takes away what {@link #fill} has written. */
  public void free() {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return root()
        .orElseThrow(() -> new IllegalStateException("there is no small disk"))
        .resolve("filler");
  }

  /** Returns the number of lines in a log that report a full disk. */
  public long complaints(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.contains(FULL)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (helper != null) {
        helper.destroy();
        helper.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(mountPoint);
  }
}
