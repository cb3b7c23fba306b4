package io.zookit.config.bind;

import java.util.List;

/** A configuration does not fit a record. Lists every problem by key; values are not shown. */
public final class BindingException extends IllegalArgumentException {

  private final transient List<String> problems;

  BindingException(Class<?> type, List<String> problems) {
    super(type.getSimpleName() + ": " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each, beginning with the key. */
  public List<String> problems() {
    return problems;
  }
}
