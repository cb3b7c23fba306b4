package io.zookit.lock;

import io.zookit.core.ZkTimeoutException;

/** A lock was not granted in time. The request was withdrawn; nothing of it is left behind. */
public class LockTimeoutException extends ZkTimeoutException {

  /** Creates an exception. */
  public LockTimeoutException(String message) {
    super(message);
  }
}
