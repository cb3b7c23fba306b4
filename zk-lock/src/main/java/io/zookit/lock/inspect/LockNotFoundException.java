package io.zookit.lock.inspect;

import io.zookit.core.ZkException;

/** Nobody holds a lock of that name, or not in the way that was asked for. Nothing was changed. */
public class LockNotFoundException extends ZkException {

  /** Creates an exception. */
  public LockNotFoundException(String message) {
    super(message);
  }
}
