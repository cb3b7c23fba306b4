package io.zookit.group;

import io.zookit.core.ZkException;

/** The partition is no longer owned. Nothing was changed. */
public final class PartitionLostException extends ZkException {

  private static final long serialVersionUID = 1;

  /** Creates an exception. */
  public PartitionLostException(String message) {
    super(message);
  }
}
