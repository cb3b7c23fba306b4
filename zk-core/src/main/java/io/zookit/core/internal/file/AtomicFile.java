package io.zookit.core.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces whole files that only their owner may read.
 *
 * <p>The content is written to a new file in the same folder, forced to disk and renamed, so that a reader, also one after
 * a crash, finds the content before or the new one, never a part. A crash can leave a file {@code NAME.UUID.tmp}.
 *
 * <p><i>Threads:</i> any; of several writers, also in other processes, one wins.
 */
public final class AtomicFile {

  private static final Logger log = LoggerFactory.getLogger(AtomicFile.class);

  private AtomicFile() {}

  /**
   * Replaces a file, and creates its folder if it is missing.
   *
   * @throws IOException if the content could not be written; the content before is kept
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IOException(file + ": not a file");
    }
    Files.createDirectories(folder);
    Path fresh = folder.resolve(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      writeNew(fresh, content);
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(folder);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void writeNew(Path fresh, byte[] content) throws IOException {
    try (FileChannel out = FileChannel.open(
        fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(fresh))) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
  }

  /** Makes the rename itself durable, where the file system lets a folder be forced. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      log.debug("{}: folders cannot be forced to disk here", folder, e);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
