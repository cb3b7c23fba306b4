package io.zookit.group;

import io.zookit.core.ZkException;

/** The group has another number of partitions than the caller. Nothing was changed. */
public final class GroupMismatchException extends ZkException {

  private static final long serialVersionUID = 1;

  /** Creates an exception. */
  public GroupMismatchException(String message) {
    super(message);
  }
}
