package io.zookit.core;

/** The server is older than Zookit supports (3.8.4, 3.9.2). Nothing was sent but the question for its version. */
public class UnsupportedServerException extends ZkException {

  /** Creates an exception. */
  public UnsupportedServerException(String message) {
    super(message);
  }
}
