package io.zookit.spring.config;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The snapshots that are in force together and the objects bound to them. Immutable. */
public final class LiveGeneration {

  static final LiveGeneration NONE = new LiveGeneration(0, Map.of(), Map.of());

  private final long number;
  private final Map<Namespace, ConfigSnapshot> snapshots;
  private final Map<Class<?>, Object> objects;

  LiveGeneration(
      long number, Map<Namespace, ConfigSnapshot> snapshots, Map<Class<?>, Object> objects) {
    this.number = number;
    this.snapshots = Map.copyOf(snapshots);
    this.objects = Map.copyOf(objects);
  }

  /** A number that rises with each generation of this process. */
  public long number() {
    return number;
  }

  /** The snapshots of the imported namespaces that have a release. */
  public Map<Namespace, ConfigSnapshot> snapshots() {
    return snapshots;
  }

  /** The snapshot of a namespace; empty if it is not imported, or has no release. */
  public Optional<ConfigSnapshot> snapshot(Namespace ns) {
    return Optional.ofNullable(snapshots.get(ns));
  }

  /**
   * The object of a type.
   *
   * @throws IllegalArgumentException if no {@link LiveConfig} of the type exists
   */
  public <T> T get(Class<T> type) {
    Object object = objects.get(type);
    if (object == null) {
      throw new IllegalArgumentException(
          "type: " + type.getName()
              + " (expected: one with @LiveProperties, in a package that is scanned or named by @EnableLiveProperties)");
    }
    return type.cast(object);
  }

  Map<Class<?>, Object> objects() {
    return objects;
  }

  LiveGeneration with(ConfigSnapshot snapshot) {
    Map<Namespace, ConfigSnapshot> more = new HashMap<>(snapshots);
    more.put(snapshot.namespace(), snapshot);
    return new LiveGeneration(number, more, objects);
  }

  LiveGeneration with(Map<Class<?>, Object> bound) {
    return new LiveGeneration(number, snapshots, bound);
  }

  @Override
  public String toString() {
    return "generation " + number + " of " + snapshots.values();
  }
}
