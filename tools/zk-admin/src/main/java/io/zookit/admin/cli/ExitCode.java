package io.zookit.admin.cli;

/** Exit codes of the commands, with the same meaning for every command. */
public enum ExitCode {
  /** It happened. */
  OK(0),
  /** It failed in a way that has no number of its own. */
  FAILURE(1),
  /** The command line is wrong; nothing was asked. */
  USAGE(2),
  /** The subject of the command does not exist. */
  NOT_FOUND(3),
  /** It changed under the command. */
  CONFLICT(4),
  /** The input is not valid, or was rejected. */
  REJECTED(5),
  /** The credentials do not allow it. */
  DENIED(6),
  /** ZooKeeper cannot be reached, or does not answer in time. */
  UNAVAILABLE(7),
  /** The user said no, or ended it. */
  CANCELLED(8),
  /** A rollout was aborted. */
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
