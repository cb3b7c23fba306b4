package io.zookit.config;

import io.zookit.core.ZkException;
import java.util.List;

/** A content is not valid, or clients refused it. Nothing has become stable. Values are not shown. */
public final class ConfigRejectedException extends ZkException {

  private final transient List<String> problems;

  /** Creates an exception with all problems of a content. */
  public ConfigRejectedException(Namespace namespace, List<String> problems) {
    super(namespace + ": " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each. */
  public List<String> problems() {
    return problems;
  }
}
