package io.zookit.lock.barrier;

import io.zookit.core.ZkException;

/** What was waited for cannot happen any more: the latch was reset before it opened, or the own place was removed. */
public class BarrierBrokenException extends ZkException {

  /** Creates an exception. */
  public BarrierBrokenException(String message) {
    super(message);
  }
}
