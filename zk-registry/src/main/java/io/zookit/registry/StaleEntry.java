package io.zookit.registry;

import java.util.List;

/**
 * Remains of a service without instances, or rules for instances that no longer exist.
 *
 * @param service the name of the service
 * @param empty whether the service has no instances: everything of the service is left over, including its policy
 * @param rules the ids of instances with a rule that no longer applies, because it has expired or because the instance
 *     is not registered
 */
public record StaleEntry(String service, boolean empty, List<String> rules) {

  /** Keeps a copy. */
  public StaleEntry {
    rules = List.copyOf(rules);
  }
}
