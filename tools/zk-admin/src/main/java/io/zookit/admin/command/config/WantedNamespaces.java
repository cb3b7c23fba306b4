package io.zookit.admin.command.config;

import io.zookit.admin.cli.ReadFailures;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The namespaces a command is about: those that were named, or all.
 *
 * @param readable those to go on with
 * @param unreadable what cannot be read, with the reason: a namespace, or a folder of namespaces
 */
public record WantedNamespaces(List<Namespace> readable, Map<String, String> unreadable) {

  /** Those that are named; if none is, all, with what cannot be read noted as failures. */
  public static WantedNamespaces of(ConfigStore store, List<Namespace> named, ReadFailures failures)
      throws InterruptedException {
    if (!named.isEmpty()) {
      return new WantedNamespaces(named, Map.of());
    }
    ConfigStore.Inventory all = store.inventory();
    Map<String, String> unreadable = new TreeMap<>();
    for (ConfigStore.Unreadable each : all.unreadable()) {
      unreadable.put(each.name(), each.reason());
      failures.add(each.name(), each.reason());
    }
    return new WantedNamespaces(
        all.namespaces().stream().map(NamespaceState::namespace).toList(), unreadable);
  }
}
