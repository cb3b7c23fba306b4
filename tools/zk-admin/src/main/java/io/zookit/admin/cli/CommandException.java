package io.zookit.admin.cli;

/** Ends a command with a message for its user. */
public final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ExitCode code;

  /** Creates an exception. */
  public CommandException(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  /** Creates an exception with its cause. */
  public CommandException(ExitCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Returns the exit code of the command. */
  public ExitCode code() {
    return code;
  }
}
