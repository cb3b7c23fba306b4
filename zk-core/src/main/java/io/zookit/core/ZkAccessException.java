package io.zookit.core;

/** ZooKeeper refused: the client's credentials do not allow what was asked for. It has not happened. */
public class ZkAccessException extends ZkException {

  /** Creates an exception. */
  public ZkAccessException(String message) {
    super(message);
  }
}
