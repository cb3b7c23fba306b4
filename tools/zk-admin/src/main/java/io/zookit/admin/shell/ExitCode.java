package io.zookit.admin.shell;

/** What a command tells the script that runs it; the same for every command. */
public enum ExitCode {
  /** It happened. */
  OK(0),
  /** It failed in a way that has no number of its own. */
  FAILURE(1),
  /** The command line is wrong; nothing was asked. */
  USAGE(2),
  /** What it is about is not there. */
  NOT_FOUND(3),
  /** It changed under the command. */
  CONFLICT(4),
  /** What was given is not valid, or was rejected. */
  REJECTED(5),
  /** The credentials do not allow it. */
  DENIED(6),
  /** ZooKeeper cannot be reached, or does not answer in time. */
  UNAVAILABLE(7),
  /** The user said no, or ended it. */
  CANCELLED(8),
  /** A rollout was given up. */
  ABORTED(9);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The number. */
  public int number() {
    return number;
  }
}
