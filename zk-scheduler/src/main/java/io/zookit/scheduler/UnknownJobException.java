package io.zookit.scheduler;

import io.zookit.core.ZkException;

/** There is no job of that name. */
public class UnknownJobException extends ZkException {

  /** Creates an exception. */
  public UnknownJobException(String message) {
    super(message);
  }
}
