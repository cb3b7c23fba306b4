package io.zookit.config;

import io.zookit.config.format.Diff;
import io.zookit.config.format.KeyChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All values of a namespace at one moment: those of one release each of its layers, whole.
 *
 * <p>Immutable; what is read from one snapshot belongs together. Secret values are plain here, and never shown by {@code
 * toString}, by {@link #origin} or by {@link #changesSince}.
 *
 * <p><i>Cost:</i> reading is a look-up in a map; no request.
 */
public final class ConfigSnapshot {

  /** Source of a snapshot. */
  public sealed interface Source {

    /** ZooKeeper; {@link io.zookit.core.LiveValue#age} tells since when it has not answered. */
    record Live() implements Source {}

    /** The file of an earlier run, while ZooKeeper has not answered yet. */
    record Stored(Instant savedAt) implements Source {}

    /** Nowhere: the namespace has no release. */
    record Missing() implements Source {}
  }

  /**
   * Origin of a value.
   *
   * @param layer the namespace, or {@code override until …}
   * @param release the release of it; 0 for an override
   * @param rule why this release: {@code stable} or the rule of a gray release
   * @param author of the release
   * @param at when
   */
  public record Origin(String layer, int release, String rule, String author, Instant at) {}

  private final Namespace namespace;
  private final long epoch;
  private final long revision;
  private final int release;
  private final boolean deleted;
  private final Source source;
  private final Map<String, String> values;
  private final Map<String, Origin> origins;
  private final Set<String> secrets;

  /** Creates a snapshot; an origin is needed for every value. */
  public ConfigSnapshot(
      Namespace namespace,
      long epoch,
      long revision,
      int release,
      boolean deleted,
      Source source,
      Map<String, String> values,
      Map<String, Origin> origins,
      Set<String> secrets) {
    this.namespace = namespace;
    this.epoch = epoch;
    this.revision = revision;
    this.release = release;
    this.deleted = deleted;
    this.source = source;
    this.values = Collections.unmodifiableMap(new HashMap<>(values));
    this.origins = Map.copyOf(origins);
    this.secrets = Set.copyOf(secrets);
  }

  /** The namespace that is followed. */
  public Namespace namespace() {
    return namespace;
  }

  /** The number of the release of the namespace itself; 0 when it has none. */
  public int release() {
    return release;
  }

  /** The epoch of the namespace's state. */
  public long epoch() {
    return epoch;
  }

  /** The revision of the namespace's state; never smaller than in an earlier snapshot of the same epoch. */
  public long revision() {
    return revision;
  }

  /** Tells if the namespace is deleted; the values are the last good ones. */
  public boolean isDeleted() {
    return deleted;
  }

  /** The source it was read from. */
  public Source source() {
    return source;
  }

  /** A value. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** A value, or another when there is none. */
  public String get(String key, String orElse) {
    return values.getOrDefault(key, orElse);
  }

  /** All values by flat key. */
  public Map<String, String> values() {
    return values;
  }

  /** The origin of a value. */
  public Optional<Origin> origin(String key) {
    return Optional.ofNullable(origins.get(key));
  }

  /** Tells if a value is secret. */
  public boolean isSecret(String key) {
    return secrets.contains(key);
  }

  /** The differences from another snapshot, by key; secrets are hidden. */
  public List<KeyChange> changesSince(ConfigSnapshot earlier) {
    List<KeyChange> changes = new ArrayList<>();
    values.forEach((key, value) -> {
      String before = earlier.values.get(key);
      if (before == null) {
        changes.add(new KeyChange.Added(key, shown(key, value)));
      } else if (!before.equals(value)) {
        changes.add(new KeyChange.Changed(key, earlier.shown(key, before), shown(key, value)));
      }
    });
    earlier.values.forEach((key, value) -> {
      if (!values.containsKey(key)) {
        changes.add(new KeyChange.Removed(key, earlier.shown(key, value)));
      }
    });
    changes.sort(java.util.Comparator.comparing(KeyChange::key));
    return List.copyOf(changes);
  }

  /** Returns the snapshot of a namespace that has no release. */
  public static ConfigSnapshot empty(Namespace ns) {
    return new ConfigSnapshot(
        ns, 0, 0, 0, false, new Source.Missing(), Map.of(), Map.of(), Set.of());
  }

  private String shown(String key, String value) {
    return secrets.contains(key) ? Diff.HIDDEN : value;
  }

  @Override
  public String toString() {
    return namespace + " " + release + " (" + values.size() + " keys, revision " + epoch + "."
        + revision + (deleted ? ", deleted" : "") + ")";
  }
}
