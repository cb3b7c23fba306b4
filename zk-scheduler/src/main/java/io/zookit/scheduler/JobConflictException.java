package io.zookit.scheduler;

import io.zookit.core.ZkException;

/** A job is defined differently, or in another version, than the caller expects. Nothing was changed. */
public class JobConflictException extends ZkException {

  /** Creates an exception. */
  public JobConflictException(String message) {
    super(message);
  }
}
