package io.zookit.scheduler.internal.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that only its owner reads and writes, in a folder in which no other can put something in its place.
 *
 * <p>Links are not followed: not for the file, which the system checks when it is opened, and not for the folder. Where the
 * file system knows no permissions, there are none.
 */
final class PrivateFile {

  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final int STICKY = 01000;

  private final Path path;

  private PrivateFile(Path path) {
    this.path = path;
  }

  /**
   * A file that need not exist; its folder is created for its owner only.
   *
   * @throws IOException if the file or its folder is a link, or others may replace files in the folder
   */
  static PrivateFile at(Path file) throws IOException {
    Path path = file.toAbsolutePath();
    Path folder = path.getParent();
    if (folder != null && folder.getParent() != null) {
      prepare(folder);
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !attributes(path).isRegularFile()) {
      throw new FileSystemException(path.toString(), null, "is a link, or no file");
    }
    return new PrivateFile(path);
  }

  /** The length; 0 if the file does not exist. */
  long size() throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? attributes(path).size() : 0;
  }

  /** Appends data to the file. */
  void append(byte[] data) throws IOException {
    boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel out = FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
        owned(path, OWNER_FILE))) {
      if (there) {
        restrict(path, OWNER_FILE); // an earlier version let others read it
      }
      ByteBuffer left = ByteBuffer.wrap(data);
      while (left.hasRemaining()) {
        out.write(left);
      }
    }
  }

  private static void prepare(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(folder, owned(folder, OWNER_FOLDER));
    }
    if (!attributes(folder).isDirectory()) {
      throw new FileSystemException(folder.toString(), null, "is a link, or no folder");
    }
    if (isPosix(folder) && isOpen(folder)) {
      throw new FileSystemException(
          folder.toString(), null, "others may replace files in it (expected: chmod go-w)");
    }
  }

  private static boolean isOpen(Path folder) throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    boolean shared = permissions.contains(PosixFilePermission.OTHERS_WRITE)
        || permissions.contains(PosixFilePermission.GROUP_WRITE);
    return shared && !isSticky(folder);
  }

  private static boolean isSticky(Path folder) throws IOException {
    Object mode = folder.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS)
        : Integer.valueOf(0);
    return (((Integer) mode) & STICKY) != 0;
  }

  private static void restrict(Path file, Set<PosixFilePermission> permissions) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null && !view.readAttributes().permissions().equals(permissions)) {
      view.setPermissions(permissions);
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static FileAttribute<?>[] owned(Path path, Set<PosixFilePermission> permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
