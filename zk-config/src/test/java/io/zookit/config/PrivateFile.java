package io.zookit.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files of tests that only their owner may read. */
final class PrivateFile {

  private PrivateFile() {}

  /** Writes a file with mode 0600. */
  static Path write(Path file, CharSequence text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }
}
