package io.zookit.core;

/** A change of the stored access policy was refused; nothing was changed. */
public final class AccessRefusedException extends ZkException {

  /** Creates an exception. */
  public AccessRefusedException(String message) {
    super(message);
  }
}
