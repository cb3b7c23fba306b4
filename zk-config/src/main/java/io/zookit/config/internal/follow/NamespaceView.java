package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.config.bind.RecordBinder;
import io.zookit.config.internal.follow.DecodedCache.CacheKey;
import io.zookit.config.internal.follow.DecodedCache.CacheShare;
import io.zookit.config.internal.model.Head;
import io.zookit.core.internal.lane.LiveCell;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One namespace with its layers, as the handles of a store see it: what is in force, and the newest that may come into
 * force. All handles of a namespace change together or not at all.
 *
 * <p>Lives on the loop, but for {@link #answer}.
 */
final class NamespaceView {

  private static final int QUICK = 64 * 1024;

  /** Bytes that a snapshot occupies for each byte of the texts of its layers. */
  private static final long WEIGHT = 4;

  private static final int MOST_REPORTED = 1_000;

  /**
   * Request to try the newest layers, weakest first.
   *
   * @param withheld the bundles that the view withholds until something passes
   */
  record EvaluationRequest(
      NamespaceView view,
      List<LoadedRelease> newest,
      List<LoadedRelease> good,
      List<RecordBinding<?>> bounds,
      Set<String> withheld) {

    /** The same with another release of one layer. */
    EvaluationRequest with(LoadedRelease other) {
      List<LoadedRelease> changed = newest.stream()
          .map(layer -> layer.ns().equals(other.ns()) ? other : layer)
          .toList();
      return new EvaluationRequest(view, changed, good, bounds, withheld);
    }

    /** Tells if no code of users is called, and little is to be merged. */
    boolean isQuick() {
      return bounds.isEmpty() && sizeOf(newest) + sizeOf(good) <= QUICK;
    }

    private static long sizeOf(List<LoadedRelease> layers) {
      long size = 0;
      for (LoadedRelease layer : layers) {
        size += layer.size();
      }
      return size;
    }

    /** The bundles that would begin to be in force. */
    Set<String> bundles() {
      Set<String> ids = bundlesOf(newest);
      ids.removeAll(bundlesOf(good));
      return ids;
    }
  }

  /**
   * Outcome of trying the newest layers.
   *
   * @param layers what is in force now; empty when nothing is
   * @param problems why the newest is not, empty when it is
   * @param passing whether the same question may have another answer later
   */
  record Evaluation(
      EvaluationRequest question,
      List<LoadedRelease> layers,
      @Nullable ConfigSnapshot snapshot,
      List<RecordBinding.Attempt<?>> attempts,
      List<String> problems,
      Optional<LocalOverride> override,
      boolean passing) {

    /**
     * The keys of the namespace itself that no record bound to it has a component for. Keys of layers are for others,
     * too, and are ignored.
     */
    List<String> unknownKeys() {
      return snapshot == null ? List.of() : unknown(question.view().ns, snapshot, attempts);
    }

    /** The same, to be asked for again. */
    Evaluation forNow() {
      return new Evaluation(question, layers, snapshot, attempts, problems, override, true);
    }
  }

  private final Namespace ns;
  private final boolean strict;
  private final Supplier<CacheShare> cache;
  private final Set<String> reported = new HashSet<>();
  private final Set<LiveCell<ConfigSnapshot>> cells = new LinkedHashSet<>();
  private final Set<RecordBinding<?>> bounds = new LinkedHashSet<>();
  private final Map<Namespace, NamespaceWatcher> watchers = new LinkedHashMap<>();
  private List<LoadedRelease> good = List.of();
  private List<LoadedRelease> refused = List.of();
  private List<String> problems = List.of();
  private Set<String> withheld = Set.of();
  private @Nullable ConfigSnapshot snapshot;
  private boolean overridden;
  private boolean again;

  /**
   * A view of a namespace.
   *
   * @param strict whether a key that no record knows is a reason to refuse a release
   * @param cache returns what other clients have merged
   */
  NamespaceView(Namespace ns, boolean strict, Supplier<CacheShare> cache) {
    this.ns = ns;
    this.strict = strict;
    this.cache = cache;
  }

  Namespace namespace() {
    return ns;
  }

  void add(LiveCell<ConfigSnapshot> cell) {
    cells.add(cell);
    if (snapshot != null) {
      cell.set(snapshot);
      if (!isLive()) {
        cell.toStale();
      }
    }
  }

  void add(RecordBinding<?> bound) {
    bounds.add(bound);
    again = true;
  }

  /** Takes a handle off; true when none is left. */
  boolean remove(LiveCell<?> cell) {
    cells.remove(cell);
    bounds.removeIf(bound -> bound.cell().equals(cell));
    return cells.isEmpty() && bounds.isEmpty();
  }

  Map<Namespace, NamespaceWatcher> watchers() {
    return watchers;
  }

  boolean uses(NamespaceWatcher watcher) {
    return watcher.equals(watchers.get(watcher.namespace()));
  }

  /** The layers that the newest head of the namespace names, weakest first, without itself. */
  List<Namespace> wantedLayers() {
    NamespaceWatcher own = watchers.get(ns);
    LoadedRelease newest = own == null ? null : own.newest();
    if (newest == null || newest.head().layers().isEmpty()) {
      return List.of();
    }
    return newest.head().layers().stream().map(Namespace::parse).toList();
  }

  void tryAgain() {
    again = true;
  }

  /** The newest layers to try; empty if nothing is new, or not all layers are here. */
  Optional<EvaluationRequest> question() {
    Optional<EvaluationRequest> all = all();
    if (all.isEmpty()) {
      return all;
    }
    List<LoadedRelease> newest = all.get().newest();
    boolean known = (newest.equals(good) && problems.isEmpty()) || newest.equals(refused);
    return known && !again ? Optional.empty() : all;
  }

  /** The newest of all layers, tried already or not; empty when one is not here. */
  Optional<EvaluationRequest> all() {
    List<LoadedRelease> newest = new ArrayList<>();
    List<Namespace> weakestFirst = new ArrayList<>(wantedLayers());
    weakestFirst.add(ns);
    for (Namespace each : weakestFirst) {
      NamespaceWatcher watcher = watchers.get(each);
      LoadedRelease loaded = watcher == null ? null : watcher.newest();
      if (loaded != null) {
        newest.add(loaded);
      } else if (watcher == null || each.equals(ns) || !watcher.isAbsent()) {
        return Optional.empty();
      }
    }
    return Optional.of(new EvaluationRequest(this, newest, good, List.copyOf(bounds), withheld));
  }

  /** Tries what is new, and falls back to what is in force. Runs code of users: on a lane. */
  static Evaluation answer(EvaluationRequest question, Optional<LocalOverride> override) {
    Evaluation newest = attempt(question, question.newest(), override, List.of());
    return newest.problems().isEmpty() ? newest : fallBack(question, newest.problems(), override);
  }

  static Evaluation fallBack(
      EvaluationRequest question, List<String> why, Optional<LocalOverride> override) {
    return question.good().isEmpty()
        ? refusing(question, why, override)
        : attempt(question, question.good(), override, why);
  }

  /** Leaves what is in force as it is. Runs no code of users. */
  static Evaluation refusing(
      EvaluationRequest question, List<String> why, Optional<LocalOverride> override) {
    List<RecordBinding.Attempt<?>> attempts = new ArrayList<>();
    question.bounds().forEach(bound -> attempts.add(bound.refusing(why)));
    return new Evaluation(question, List.of(), null, attempts, why, override, false);
  }

  private static Evaluation attempt(
      EvaluationRequest question,
      List<LoadedRelease> layers,
      Optional<LocalOverride> override,
      List<String> why) {
    ConfigSnapshot composed = question.view().merge(layers, override);
    List<RecordBinding.Attempt<?>> attempts = new ArrayList<>();
    List<String> found = new ArrayList<>(why);
    for (RecordBinding<?> bound : question.bounds()) {
      RecordBinding.Attempt<?> attempt = bound.attempt(composed.values());
      attempts.add(attempt);
      if (why.isEmpty()) {
        found.addAll(attempt.problems());
      }
    }
    if (question.view().strict && why.isEmpty()) {
      unknown(question.view().ns, composed, attempts)
          .forEach(key -> found.add(RecordBinder.unknownKey(key)));
    }
    return new Evaluation(question, layers, composed, attempts, found, override, false);
  }

  /** Merges the layers, unless another client that has the same ones did. From any thread. */
  private ConfigSnapshot merge(List<LoadedRelease> layers, Optional<LocalOverride> override) {
    CacheShare shared = cache.get();
    Optional<CacheKey> key =
        shared.isOpen() && override.isEmpty() ? LayerMerger.key(ns, layers) : Optional.empty();
    if (key.isEmpty()) {
      return LayerMerger.compose(ns, layers, override);
    }
    long size = WEIGHT * EvaluationRequest.sizeOf(layers);
    return shared
        .find(ConfigSnapshot.class, key.get())
        .orElseGet(() -> shared.keep(
            ConfigSnapshot.class,
            key.get(),
            LayerMerger.compose(ns, layers, Optional.empty()),
            size));
  }

  /** Takes over what trying came to; true when something else is in force now. */
  boolean commit(Evaluation answer) {
    again = answer.passing();
    problems = answer.problems();
    overridden = answer.override().isPresent();
    refused = problems.isEmpty() ? List.of() : answer.question().newest();
    withhold(answer.question().bundles());
    answer.attempts().forEach(RecordBinding.Attempt::commit);
    ConfigSnapshot next = answer.snapshot();
    if (next == null) {
      return false;
    }
    boolean changed = snapshot == null || !same(snapshot, next);
    good = answer.layers();
    if (changed) {
      snapshot = next;
      cells.forEach(cell -> cell.set(next));
    }
    toLiveness();
    return changed;
  }

  private static List<String> unknown(
      Namespace ns, ConfigSnapshot composed, List<RecordBinding.Attempt<?>> attempts) {
    List<RecordBinding.Attempt<?>> made =
        attempts.stream().filter(attempt -> attempt.value() != null).toList();
    if (made.isEmpty() || made.size() < attempts.size()) {
      return List.of(); // another record may have known them
    }
    Set<String> unknown = new LinkedHashSet<>(made.get(0).unknown());
    made.forEach(attempt -> unknown.retainAll(new HashSet<>(attempt.unknown())));
    unknown.removeIf(key -> composed
        .origin(key)
        .filter(origin -> origin.layer().equals(ns.toString()) || origin.release() == 0)
        .isEmpty());
    return List.copyOf(unknown);
  }

  /** Those of the keys that were not reported before, up to a limit. */
  List<String> firstSeen(List<String> unknownKeys) {
    return unknownKeys.stream()
        .filter(key -> reported.size() < MOST_REPORTED && reported.add(key))
        .toList();
  }

  private void withhold(Set<String> bundles) {
    Set<String> all = new LinkedHashSet<>();
    if (!problems.isEmpty()) {
      all.addAll(withheld);
      all.addAll(bundles);
    }
    withheld = Set.copyOf(all);
  }

  /** The bundles that are not in force because of this view, or that it waits for itself. */
  Set<String> withheld() {
    return withheld;
  }

  /** All handles tell how old what they have is. */
  void toLiveness() {
    boolean live = isLive();
    List<LiveCell<?>> all = new ArrayList<>(cells);
    bounds.forEach(bound -> all.add(bound.cell()));
    for (LiveCell<?> cell : all) {
      if (live) {
        cell.toLive();
      } else {
        cell.toStale();
      }
    }
  }

  /** The problems that keep the newest of a layer out of force; empty if it is in force, or was not tried yet. */
  List<String> problemsWith(LoadedRelease newest) {
    return refused.contains(newest) ? problems : List.of();
  }

  /** Tells if an override is above it. */
  boolean isOverridden() {
    return overridden;
  }

  /** The release of a layer that is in force. */
  Optional<LoadedRelease> inForce(Namespace layer) {
    for (LoadedRelease loaded : good) {
      if (loaded.ns().equals(layer)) {
        return Optional.of(loaded);
      }
    }
    return Optional.empty();
  }

  private static Set<String> bundlesOf(List<LoadedRelease> layers) {
    Set<String> ids = new LinkedHashSet<>();
    for (LoadedRelease layer : layers) {
      Head.Bundle bundle = layer.head().bundle();
      if (bundle != null) {
        ids.add(bundle.id());
      }
    }
    return ids;
  }

  private boolean isLive() {
    for (NamespaceWatcher watcher : watchers.values()) {
      if (!watcher.isLive()) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(ConfigSnapshot a, ConfigSnapshot b) {
    return a.epoch() == b.epoch()
        && a.revision() == b.revision()
        && a.isDeleted() == b.isDeleted()
        && Objects.equals(a.source(), b.source())
        && a.values().equals(b.values());
  }
}
