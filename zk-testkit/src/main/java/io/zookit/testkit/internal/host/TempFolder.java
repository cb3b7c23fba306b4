package io.zookit.testkit.internal.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder under {@code java.io.tmpdir} that is gone after closing. */
public final class TempFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TempFolder.class);
  private static final int ATTEMPTS = 20;

  private final Path path;

  private TempFolder(Path path) {
    this.path = path;
  }

  public static TempFolder named(String prefix) {
    try {
      return new TempFolder(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder " + prefix, e);
    }
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    delete(path);
  }

  /**
   * Deletes a folder and what is in it, if there is one. A server that is ending may still write, so a second attempt
   * may be necessary.
   */
  public static void delete(Path folder) {
    for (int attempt = 1; !deleteOnce(folder, attempt == ATTEMPTS); attempt++) {
      LOG.debug("deleting {} again", folder);
    }
  }

  private static boolean deleteOnce(Path folder, boolean last) {
    try {
      deleteTree(folder);
      return true;
    } catch (DirectoryNotEmptyException e) {
      if (last) {
        throw new UncheckedIOException("folder " + folder + " is being written to", e);
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("folder " + folder + " was not deleted", e);
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
          return FileVisitResult.CONTINUE;
        }
        throw e;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e)
          throws IOException {
        if (e != null) {
          throw e;
        }
        Files.deleteIfExists(each);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
