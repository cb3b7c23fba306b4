package io.zookit.core;

/** The caller's time ran out. What was asked for has not happened, and nothing of the attempt is left behind. */
public class ZkTimeoutException extends ZkException {

  /** Creates an exception. */
  public ZkTimeoutException(String message) {
    super(message);
  }
}
