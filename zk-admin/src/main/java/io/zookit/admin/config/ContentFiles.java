package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.StrictUtf8;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files of texts. */
final class ContentFiles {

  private ContentFiles() {}

  static String read(Path file) {
    try {
      return StrictUtf8.decode(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new CommandException(ExitCode.NOT_FOUND, file + ": there is no such file", e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILURE, file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }
}
