package io.zookit.id;

import io.zookit.core.ZkUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * No id can be handed out now: ZooKeeper cannot be reached, or its answer was lost. No id is ever handed out twice because of
 * that; <b>ids may be skipped</b>. The call may be repeated.
 */
public class IdUnavailableException extends ZkUnavailableException {

  /** Creates an exception. */
  public IdUnavailableException(String message) {
    super(message);
  }

  /** Creates an exception with its cause, if there is one. */
  public IdUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
