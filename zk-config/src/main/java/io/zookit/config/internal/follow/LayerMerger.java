package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.Manifest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts the layers of a namespace together, weakest first. Pure. */
final class LayerMerger {

  private LayerMerger() {}

  static ConfigSnapshot compose(
      Namespace ns, List<LoadedRelease> weakestFirst, Optional<LocalOverride> override) {
    Map<String, String> values = new HashMap<>();
    Map<String, ConfigSnapshot.Origin> origins = new HashMap<>();
    Set<String> secrets = new HashSet<>();
    for (LoadedRelease layer : weakestFirst) {
      LoadedRelease.Text release = layer.release();
      if (release != null) {
        add(release.values(), originOf(layer, release.manifest()), values, origins);
        secrets.removeAll(release.values().keySet());
        secrets.addAll(release.secrets().keySet());
      }
    }
    override.ifPresent(above -> add(above.values(), above.origin(), values, origins));
    LoadedRelease own = weakestFirst.get(weakestFirst.size() - 1);
    return new ConfigSnapshot(
        ns,
        own.head().epoch(),
        own.head().revision(),
        own.number(),
        own.isDeleted(),
        source(weakestFirst),
        values,
        origins,
        secrets);
  }

  private static void add(
      Map<String, String> stronger,
      ConfigSnapshot.Origin origin,
      Map<String, String> values,
      Map<String, ConfigSnapshot.Origin> origins) {
    values.putAll(stronger);
    stronger.keySet().forEach(key -> origins.put(key, origin));
  }

  private static ConfigSnapshot.Origin originOf(LoadedRelease layer, Manifest manifest) {
    return new ConfigSnapshot.Origin(
        layer.ns().toString(), manifest.number(), layer.rule(), manifest.author(), manifest.at());
  }

  /** A snapshot is as old as its oldest layer. */
  private static ConfigSnapshot.Source source(List<LoadedRelease> layers) {
    if (layers.stream().allMatch(layer -> layer.release() == null)) {
      return new ConfigSnapshot.Source.Missing();
    }
    Optional<Instant> saved = layers.stream()
        .flatMap(layer -> Optional.ofNullable(layer.savedAt()).stream())
        .min(Instant::compareTo);
    return saved.isPresent()
        ? new ConfigSnapshot.Source.Stored(saved.get())
        : new ConfigSnapshot.Source.Live();
  }
}
