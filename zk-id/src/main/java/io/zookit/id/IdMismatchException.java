package io.zookit.id;

import io.zookit.core.ZkException;
import org.jspecify.annotations.Nullable;

/**
 * The stored record of a name says something else than this process: another kind, another layout or a newer format, and
 * the text has both values; or a name that an operator creates exists. Nothing was changed.
 */
public class IdMismatchException extends ZkException {

  /** Creates an exception. */
  public IdMismatchException(String message) {
    super(message);
  }

  /** Creates an exception with its cause, if there is one. */
  public IdMismatchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
