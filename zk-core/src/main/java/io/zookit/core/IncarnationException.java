package io.zookit.core;

/**
 * ZooKeeper's data is not the data this process knew: it was wiped or restored, and no operator has raised the
 * incarnation since. What was asked for has not happened. {@link ZkClient#raiseIncarnation} ends this state.
 */
public class IncarnationException extends ZkException {

  /** Creates an exception. */
  public IncarnationException(String message) {
    super(message);
  }
}
