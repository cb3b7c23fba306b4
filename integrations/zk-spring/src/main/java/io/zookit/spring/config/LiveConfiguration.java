package io.zookit.spring.config;

import static java.util.stream.Collectors.joining;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore.Participant;
import io.zookit.config.Namespace;
import io.zookit.config.format.KeyChange;
import io.zookit.core.Subscription;
import io.zookit.spring.ZookitStartException;
import io.zookit.spring.internal.observe.ObservedCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * The one reader of releases in an application: binds all types to a candidate, and replaces the generation if all of them
 * could be bound.
 *
 * <p><i>Threads:</i> {@link #prepare} and {@link #commit} are called one at a time; {@link #current} by any.
 */
final class LiveConfiguration implements Participant, SmartLifecycle {

  private final LiveBinder binder;
  private final List<LiveType> types;
  private final @Nullable ConfigImports imports;
  private final ApplicationEventPublisher publisher;
  private final ObservedCalls observed;
  private volatile LiveGeneration unimported;
  private volatile @Nullable Subscription following;
  private @Nullable BoundCandidates prepared;

  /** The objects that were bound to candidates last. */
  private record BoundCandidates(
      Map<Namespace, ConfigSnapshot> snapshots, Map<Class<?>, Object> objects) {}

  /**
   * Binds all types to the environment as it is.
   *
   * @throws ZookitStartException if one of them cannot be bound
   */
  LiveConfiguration(
      LiveBinder binder,
      List<LiveType> types,
      @Nullable ConfigImports imports,
      ApplicationEventPublisher publisher,
      ObservedCalls observed) {
    this.binder = binder;
    this.types = types;
    this.imports = imports;
    this.publisher = publisher;
    this.observed = observed;
    LiveGeneration loaded = imports == null ? LiveGeneration.NONE : imports.generation();
    LiveBinder.Binding bound = binder.bind(types, loaded.snapshots());
    if (!bound.problems().isEmpty()) {
      throw new ZookitStartException(
          "Types with @LiveProperties cannot be bound: " + String.join("; ", bound.problems())
              + ".",
          "Correct these properties: publish a release that has them, or set them in a source of the application.");
    }
    this.unimported = loaded;
    replace(loaded.with(bound.objects()));
  }

  /** The generation in force. */
  LiveGeneration current() {
    return imports == null ? unimported : imports.generation();
  }

  private void replace(LiveGeneration next) {
    if (imports == null) {
      unimported = next;
    } else {
      imports.replace(next);
    }
  }

  @Override
  public Preparation prepare(Map<Namespace, ConfigSnapshot> candidates) {
    return observed.observe(
        "zookit.config.prepare",
        subject(candidates),
        () -> bind(candidates),
        prepared -> prepared instanceof Accepted ? "accepted" : "rejected");
  }

  private static ObservedCalls.ObservedSubject subject(Map<Namespace, ConfigSnapshot> snapshots) {
    String names =
        snapshots.keySet().stream().map(Namespace::toString).sorted().collect(joining(","));
    return new ObservedCalls.ObservedSubject("namespaces", names.isEmpty() ? "none" : names);
  }

  private Preparation bind(Map<Namespace, ConfigSnapshot> candidates) {
    LiveBinder.Binding bound = binder.bind(types, candidates);
    if (!bound.problems().isEmpty()) {
      return new Rejected(bound.problems());
    }
    prepared = new BoundCandidates(candidates, bound.objects());
    return new Accepted();
  }

  @Override
  public void commit(Generation generation) {
    observed.observe(
        "zookit.config.apply",
        subject(generation.snapshots()),
        () -> apply(generation),
        changes -> changes.isEmpty() ? "unchanged" : "changed");
  }

  private Map<Namespace, List<KeyChange>> apply(Generation generation) {
    LiveGeneration before = current();
    Map<Namespace, ConfigSnapshot> snapshots = generation.snapshots();
    BoundCandidates last = prepared;
    Map<Class<?>, Object> objects = new HashMap<>(before.objects());
    objects.putAll(
        last != null && last.snapshots().equals(snapshots)
            ? last.objects()
            : binder.bind(types, snapshots).objects());
    LiveGeneration next =
        new LiveGeneration(before.number() + 1, snapshots, keepingEqual(before.objects(), objects));
    replace(next);
    Map<Namespace, List<KeyChange>> changes = changes(before.snapshots(), snapshots);
    if (!changes.isEmpty()) {
      publisher.publishEvent(new ConfigChangedEvent(next, changes));
    }
    return changes;
  }

  /** An object that the release does not change stays the same object. */
  private static Map<Class<?>, Object> keepingEqual(
      Map<Class<?>, Object> before, Map<Class<?>, Object> after) {
    Map<Class<?>, Object> kept = new HashMap<>(after);
    kept.replaceAll((type, object) -> object.equals(before.get(type)) ? before.get(type) : object);
    return kept;
  }

  private static Map<Namespace, List<KeyChange>> changes(
      Map<Namespace, ConfigSnapshot> before, Map<Namespace, ConfigSnapshot> after) {
    Map<Namespace, List<KeyChange>> changes = new TreeMap<>();
    after.forEach((ns, snapshot) -> {
      ConfigSnapshot earlier = before.getOrDefault(ns, ConfigSnapshot.empty(ns));
      List<KeyChange> ofNamespace = snapshot.changesSince(earlier);
      if (!ofNamespace.isEmpty()) {
        changes.put(ns, ofNamespace);
      }
    });
    return changes;
  }

  @Override
  public void start() {
    if (imports != null && following == null) {
      imports.onRejected((ns, release, problems) ->
          publisher.publishEvent(new ConfigRejectedEvent(ns, release, problems)));
      following = imports.follow(this);
    }
  }

  @Override
  public void stop() {
    Subscription open = following;
    if (open != null) {
      open.close();
      following = null;
    }
  }

  @Override
  public boolean isRunning() {
    return following != null;
  }

  /** Before web servers, so that the first request finds the newest release; stopped after them. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE + 1_000;
  }
}
