package io.zookit.lock;

/**
 * The lock was lost before: the session ended or an operator removed the node. What was asked for has not happened.
 *
 * <p>It is an {@link IllegalMonitorStateException} so that {@link java.util.concurrent.locks.Lock#unlock} may throw it.
 */
public class LockLostException extends IllegalMonitorStateException {

  /** Creates an exception. */
  public LockLostException(String message) {
    super(message);
  }
}
