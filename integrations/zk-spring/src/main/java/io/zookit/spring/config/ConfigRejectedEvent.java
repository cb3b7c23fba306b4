package io.zookit.spring.config;

import io.zookit.config.Namespace;
import java.util.List;

/**
 * A release was refused whole; the last good one stays in force.
 *
 * @param namespace the namespace
 * @param release the number of the release
 * @param problems the reasons, without values
 */
public record ConfigRejectedEvent(Namespace namespace, int release, List<String> problems) {

  /** Creates an event. */
  public ConfigRejectedEvent {
    problems = List.copyOf(problems);
  }
}
