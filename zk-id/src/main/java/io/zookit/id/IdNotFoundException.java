package io.zookit.id;

import io.zookit.core.ZkException;
import org.jspecify.annotations.Nullable;

/**
 * A name does not exist, and is not created by itself, so that its numbers cannot begin again unnoticed. Nothing was changed.
 */
public class IdNotFoundException extends ZkException {

  /** Creates an exception. */
  public IdNotFoundException(String message) {
    super(message);
  }

  /** Creates an exception with its cause, if there is one. */
  public IdNotFoundException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
