package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.config.internal.follow.DecodedCache.CacheKey;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the layers of a namespace together, weakest first. Pure. */
final class LayerMerger {

  private LayerMerger() {}

  /** Everything that a snapshot depends on besides the revision of the namespace. */
  private record SnapshotForm(long epoch, boolean deleted, List<LayerForm> layers) {}

  private record LayerForm(Namespace ns, @Nullable Manifest manifest, String rule) {}

  /** The key of a snapshot that clients may share; empty if it holds opened secrets, or what was read from a file. */
  static Optional<CacheKey> key(Namespace ns, List<LoadedRelease> weakestFirst) {
    List<LayerForm> layers = new ArrayList<>();
    for (LoadedRelease layer : weakestFirst) {
      LoadedRelease.Text release = layer.release();
      if (layer.savedAt() != null || (release != null && !release.secrets().isEmpty())) {
        return Optional.empty();
      }
      layers.add(
          new LayerForm(layer.ns(), release == null ? null : release.manifest(), layer.rule()));
    }
    Head own = weakestFirst.get(weakestFirst.size() - 1).head();
    boolean deleted = own.state() != Head.State.ACTIVE;
    return Optional.of(new CacheKey(
        ns.toString(), own.revision(), "", new SnapshotForm(own.epoch(), deleted, layers)));
  }

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
