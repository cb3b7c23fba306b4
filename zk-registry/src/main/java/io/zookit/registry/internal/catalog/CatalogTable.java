package io.zookit.registry.internal.catalog;

import io.zookit.registry.ServiceSummary;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All services as the last reads found them, and their summaries. Pure; used by one thread at a time. */
final class CatalogTable {

  private final Map<String, CatalogEntry> entries = new TreeMap<>();
  private final Map<String, ServiceSummary> summaries = new TreeMap<>();

  void clear() {
    entries.clear();
    summaries.clear();
  }

  /** Returns the names of all services. */
  Set<String> services() {
    return Set.copyOf(entries.keySet());
  }

  /**
   * Applies a read as a whole, and returns the services that may have changed.
   *
   * @param later invalidations since the read began: deletions among them count already, and services that are unknown
   *     are added to be read as a whole
   */
  Set<String> apply(CatalogRead read, CatalogInvalidations later) {
    Set<String> changed = new HashSet<>(read.entries().keySet());
    changed.addAll(read.gone());
    if (read.asked().all()) {
      entries.keySet().stream()
          .filter(service -> !read.entries().containsKey(service))
          .forEach(changed::add);
      entries.keySet().retainAll(read.entries().keySet());
    }
    read.gone().forEach(entries::remove);
    entries.putAll(read.entries());
    read.changedPolicies()
        .forEach((service, answer) ->
            entry(service, changed, later).ifPresent(entry -> entry.readPolicy(answer)));
    read.changedNodes()
        .forEach((node, answer) -> entry(node.service(), changed, later)
            .ifPresent(entry -> entry.read(node.ref(), answer)));
    delete(read.asked(), changed);
    delete(later, changed);
    return changed;
  }

  private void delete(CatalogInvalidations changes, Set<String> changed) {
    changes.deleted().forEach(node -> {
      CatalogEntry entry = entries.get(node.service());
      if (entry != null) {
        entry.deleted(node.ref());
        changed.add(node.service());
      }
    });
  }

  /** Returns the entry of a service that has changed; one that is unknown is read as a whole later. */
  private Optional<CatalogEntry> entry(
      String service, Set<String> changed, CatalogInvalidations later) {
    CatalogEntry entry = entries.get(service);
    if (entry == null) {
      later.addService(service);
    } else {
      changed.add(service);
    }
    return Optional.ofNullable(entry);
  }

  /** Computes the summaries of services that may have changed, and returns all, in the order of the names. */
  List<ServiceSummary> summaries(Set<String> changed, Instant now) {
    for (String service : changed) {
      CatalogEntry entry = entries.get(service);
      if (entry == null) {
        summaries.remove(service);
      } else {
        summaries.put(service, entry.summary(now));
      }
    }
    return List.copyOf(summaries.values());
  }

  /** Returns the time at which the next rule of an operator expires. */
  Optional<Instant> nextExpiry(Instant now) {
    return entries.values().stream()
        .map(entry -> entry.nextExpiry(now))
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }
}
