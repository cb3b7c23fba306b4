package io.zookit.console.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Files with secrets, which only their owner may read. */
public final class PrivateFiles {

  private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
      PosixFilePermission.OWNER_READ,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_EXECUTE);

  private PrivateFiles() {}

  /**
   * Refuses a file that others than its owner may read, write or execute.
   *
   * @throws IllegalArgumentException if they may
   */
  public static void requirePrivate(Path file) {
    try {
      if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IllegalArgumentException(
            file + ": others may use it (expected: only its owner, as after chmod 600)");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
