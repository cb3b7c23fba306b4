package io.zookit.lock.inspect;

import io.zookit.core.ZkException;

/** A lock of that name has no holder, or none of the requested kind. Nothing was changed. */
public class LockNotFoundException extends ZkException {

  /** Creates an exception. */
  public LockNotFoundException(String message) {
    super(message);
  }
}
