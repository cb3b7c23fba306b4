package io.zookit.lock.barrier;

import io.zookit.core.ZkException;

/**
 * The event that was waited for can no longer happen: the latch was reset before it opened, or the own node was
 * removed.
 */
public class BarrierBrokenException extends ZkException {

  /** Creates an exception. */
  public BarrierBrokenException(String message) {
    super(message);
  }
}
