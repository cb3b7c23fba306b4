package io.zookit.core;

import org.jspecify.annotations.Nullable;

/** The root of everything that goes wrong in coordination. The text names the object and its numbers. */
public class ZkException extends RuntimeException {

  /** Creates an exception. */
  public ZkException(String message) {
    super(message);
  }

  /** Creates an exception with its cause, if there is one. */
  public ZkException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
