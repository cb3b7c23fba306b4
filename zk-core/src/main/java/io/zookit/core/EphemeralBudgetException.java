package io.zookit.core;

/**
 * This session owns as many ephemeral nodes as a ZooKeeper server can take: one that must write a longer list when a
 * session ends can not start again. Nothing was sent.
 */
public class EphemeralBudgetException extends ZkException {

  /** Creates an exception. */
  public EphemeralBudgetException(String message) {
    super(message);
  }
}
