package io.zookit.config.secret;

import io.zookit.core.ZkException;
import org.jspecify.annotations.Nullable;

/** A secret cannot be sealed or opened: a key is missing, or the value was changed or moved. It is never shown. */
public final class SecretException extends ZkException {

  /** Creates an exception. */
  public SecretException(String message) {
    super(message);
  }

  /** Creates an exception with its cause. */
  public SecretException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
