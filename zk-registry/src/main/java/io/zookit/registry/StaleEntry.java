package io.zookit.registry;

import java.util.List;

/**
 * Remains of a service without instances, or rules for instances that no longer exist.
 *
 * @param service the name of the service
 * @param empty whether no instance is there: all of the service is left over, what operators say of it included
 * @param rules the ids of instances of which operators say something that does not count any more: it has run out, or
 *     they are not registered
 */
public record StaleEntry(String service, boolean empty, List<String> rules) {

  /** Keeps a copy. */
  public StaleEntry {
    rules = List.copyOf(rules);
  }
}
