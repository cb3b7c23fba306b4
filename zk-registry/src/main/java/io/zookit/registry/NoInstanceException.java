package io.zookit.registry;

import io.zookit.core.ZkException;

/** There is no instance to choose; the text says why, and what the view holds. Nothing was sent. */
public class NoInstanceException extends ZkException {

  /** Creates an exception. */
  public NoInstanceException(String message) {
    super(message);
  }
}
