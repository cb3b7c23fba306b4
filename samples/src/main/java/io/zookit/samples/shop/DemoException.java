package io.zookit.samples.shop;

import org.jspecify.annotations.Nullable;

/** Thrown if the demo cannot go on; the message is for the user. */
public final class DemoException extends RuntimeException {

  /** Creates an exception. */
  public DemoException(String message) {
    this(message, null);
  }

  /** Creates an exception with a cause. */
  public DemoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
