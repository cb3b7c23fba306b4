package io.zookit.id;

import io.zookit.core.ZkException;
import org.jspecify.annotations.Nullable;

/**
 * A name hands out no ids until an operator raises it ({@link IdInspector#raise}): its data in ZooKeeper were restored
 * from an older copy, wiped or damaged, so ids could be handed out twice. No id was handed out by the call.
 */
public class IdBlockedException extends ZkException {

  /** Creates an exception. */
  public IdBlockedException(String message) {
    super(message);
  }

  /** Creates an exception with its cause, if there is one. */
  public IdBlockedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
