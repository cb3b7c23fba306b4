package io.zookit.console.resource;

import java.util.List;

/** A call that is answered with an error. */
public final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;
  private final String type;
  private final transient List<String> problems;

  /** Creates one without single problems. */
  public ApiException(int status, String type, String detail) {
    this(status, type, detail, List.of());
  }

  /** Creates one. */
  public ApiException(int status, String type, String detail, List<String> problems) {
    super(detail, null, false, false);
    this.status = status;
    this.type = type;
    this.problems = List.copyOf(problems);
  }

  /** The status of the answer. */
  public int status() {
    return status;
  }

  /** The kind of the error, in lower case with hyphens. */
  public String type() {
    return type;
  }

  /** The single problems of what was sent. */
  public List<String> problems() {
    return problems;
  }

  /** The text for people. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
