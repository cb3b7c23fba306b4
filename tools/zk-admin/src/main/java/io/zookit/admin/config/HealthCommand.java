package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import java.io.IOException;

/** A command of the user that says by its exit code whether all is well. */
final class HealthCommand {

  private HealthCommand() {}

  static boolean isHealthy(String command) {
    try {
      Process process = new ProcessBuilder("/bin/sh", "-c", command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      process.getOutputStream().close();
      return process.waitFor() == 0;
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILURE, "--check: cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.CANCELLED, "--check: interrupted", e);
    }
  }
}
