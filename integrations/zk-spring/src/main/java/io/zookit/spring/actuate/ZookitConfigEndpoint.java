package io.zookit.spring.actuate;

import io.zookit.config.ConfigSnapshot;
import io.zookit.spring.config.ConfigImports;
import io.zookit.spring.config.LiveGeneration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The endpoint {@code zookitconfig}: the imported namespaces, and where each of their keys comes from. Without values. */
@Endpoint(id = "zookitconfig")
public final class ZookitConfigEndpoint {

  private final ConfigImports imports;

  ZookitConfigEndpoint(ConfigImports imports) {
    this.imports = imports;
  }

  /**
   * The configuration in force.
   *
   * @param generation rises with each change
   * @param namespaces by name
   */
  public record ConfigReport(long generation, Map<String, NamespaceReport> namespaces) {}

  /**
   * A namespace.
   *
   * @param release the release in force; 0 if there is none
   * @param revision the revision of its state
   * @param source Live, or Stored after a start without ZooKeeper
   * @param deleted whether it was deleted
   * @param keys the origin of each key
   */
  public record NamespaceReport(
      int release, String revision, String source, boolean deleted, Map<String, String> keys) {}

  /** Reports the configuration in force. */
  @ReadOperation
  public ConfigReport configuration() {
    LiveGeneration generation = imports.generation();
    Map<String, NamespaceReport> namespaces = new TreeMap<>();
    generation.snapshots().forEach((ns, each) -> namespaces.put(ns.toString(), report(each)));
    return new ConfigReport(generation.number(), namespaces);
  }

  private static NamespaceReport report(ConfigSnapshot snapshot) {
    Map<String, String> keys = new TreeMap<>();
    snapshot.values().keySet().forEach(key -> keys.put(key, origin(snapshot, key)));
    return new NamespaceReport(
        snapshot.release(),
        snapshot.epoch() + "." + snapshot.revision(),
        snapshot.source().getClass().getSimpleName(),
        snapshot.isDeleted(),
        keys);
  }

  private static String origin(ConfigSnapshot snapshot, String key) {
    return snapshot
            .origin(key)
            .map(from -> "release " + from.release() + " of " + from.layer() + ", " + from.rule()
                + ", by " + from.author())
            .orElse("unknown")
        + (snapshot.isSecret(key) ? ", secret" : "");
  }
}
