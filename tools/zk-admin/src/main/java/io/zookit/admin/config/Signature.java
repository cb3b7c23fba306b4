package io.zookit.admin.config;

import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the author and the reason of a change. */
final class Signature {

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "Why; it stands in the history.")
  private String message = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who changes it. Default: the user of the connection, else who is logged in.")
  @Nullable
  private String by;

  /** Returns the reason. */
  String message() {
    return message;
  }

  Change change(Shell shell) {
    return Change.by(by == null ? shell.person() : by).because(message);
  }
}
