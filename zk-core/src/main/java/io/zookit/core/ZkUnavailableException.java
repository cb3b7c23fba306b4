package io.zookit.core;

import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper could not be asked, or its answer was lost: unless the text says otherwise, <b>the outcome is unknown</b>,
 * the effect may or may not have happened.
 */
public class ZkUnavailableException extends ZkException {

  /** Creates an exception. */
  public ZkUnavailableException(String message) {
    super(message);
  }

  /** Creates an exception with its cause, if there is one. */
  public ZkUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
