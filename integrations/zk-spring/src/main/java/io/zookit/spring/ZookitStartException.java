package io.zookit.spring;

import org.jspecify.annotations.Nullable;

/**
 * A reason not to start the application, with what to do about it. Spring Boot shows both instead of a stack trace.
 *
 * <p>Nothing that was opened for the start stays open.
 */
public class ZookitStartException extends RuntimeException {

  private final String description;
  private final String action;

  /** Creates an exception. */
  public ZookitStartException(String description, String action) {
    this(description, action, null);
  }

  /** Creates an exception with its cause, if there is one. */
  public ZookitStartException(String description, String action, @Nullable Throwable cause) {
    super(description + " " + action, cause);
    this.description = description;
    this.action = action;
  }

  /** The reason, in one or two sentences. */
  public String description() {
    return description;
  }

  /** The way out, as an instruction. */
  public String action() {
    return action;
  }
}
