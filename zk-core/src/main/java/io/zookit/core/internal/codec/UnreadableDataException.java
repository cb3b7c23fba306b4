package io.zookit.core.internal.codec;

import io.zookit.core.ZkException;

/** Stored bytes are damaged, or not what Zookit writes, or larger than this process is willing to expand. */
public final class UnreadableDataException extends ZkException {

  /** Creates an exception; the text names the sizes, never the content. */
  public UnreadableDataException(String message) {
    super(message);
  }
}
