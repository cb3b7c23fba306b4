package io.zookit.group;

import io.zookit.core.ZkException;

/** A group has no partitions: no member has owned any. Nothing was changed. */
public final class GroupNotFoundException extends ZkException {

  private static final long serialVersionUID = 1;

  /** Creates an exception. */
  public GroupNotFoundException(String message) {
    super(message);
  }
}
