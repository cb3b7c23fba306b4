package io.zookit.spring.config;

import io.zookit.config.Namespace;
import io.zookit.config.format.KeyChange;
import java.util.List;
import java.util.Map;

/**
 * Another generation is in force. Published once for each release, and once for all namespaces of one transaction.
 *
 * <p><i>Threads:</i> an executor of the client. The next release waits until the listeners have returned.
 *
 * @param generation the one in force when the event is published
 * @param changes by namespace and key; values of secrets are hidden
 */
public record ConfigChangedEvent(
    LiveGeneration generation, Map<Namespace, List<KeyChange>> changes) {

  /** Creates an event. */
  public ConfigChangedEvent {
    changes = Map.copyOf(changes);
  }
}
