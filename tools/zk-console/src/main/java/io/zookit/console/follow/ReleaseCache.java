package io.zookit.console.follow;

import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.GrayRelease;
import io.zookit.config.NamespaceState;
import io.zookit.config.gray.Instance;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Contents of releases, and which release an instance has in a state: both never change, so they are read once. The oldest are
 * forgotten first.
 *
 * <p><i>Threads:</i> any; two that ask for the same at a time may both read it.
 */
public final class ReleaseCache {

  private static final int MOST_CONTENTS = 64;
  private static final int MOST_CHOICES = 10_000;

  private final ConfigStore store;
  private final Map<ReleaseKey, Content> contents = bounded(MOST_CONTENTS);
  private final Map<ChoiceKey, ReleaseChoice> choices = bounded(MOST_CHOICES);

  ReleaseCache(ConfigStore store) {
    this.store = store;
  }

  private record ReleaseKey(String namespace, long epoch, int release) {}

  private record ChoiceKey(String namespace, long epoch, long revision, Instance instance) {}

  /**
   * The release that an instance has in a state.
   *
   * @param release empty if there is none
   * @param rule {@code stable}, or {@code gray NAME}
   */
  public record ReleaseChoice(OptionalInt release, String rule) {}

  /** The content of a release, with its secrets sealed. */
  public Content content(NamespaceState state, int release) throws InterruptedException {
    ReleaseKey key = new ReleaseKey(state.namespace().toString(), state.epoch(), release);
    Content known = get(contents, key);
    if (known == null) {
      known = store.history(state.namespace()).content(release);
      put(contents, key, known);
    }
    return known;
  }

  /** The release that an instance has in a state: that of the first open gray release which admits it, else the stable one. */
  public ReleaseChoice choice(NamespaceState state, Instance instance) throws InterruptedException {
    if (state.grays().isEmpty()) {
      return new ReleaseChoice(state.stable(), "stable");
    }
    ChoiceKey key =
        new ChoiceKey(state.namespace().toString(), state.epoch(), state.revision(), instance);
    ReleaseChoice known = get(choices, key);
    if (known == null) {
      known = chosen(state, instance);
      put(choices, key, known);
    }
    return known;
  }

  private ReleaseChoice chosen(NamespaceState state, Instance instance)
      throws InterruptedException {
    for (String name : state.grays()) {
      Optional<GrayRelease> gray = store.gray(state.namespace(), name);
      if (gray.isPresent() && hasRelease(state, gray.get().release(), instance)) {
        return new ReleaseChoice(OptionalInt.of(gray.get().release()), "gray " + name);
      }
    }
    return new ReleaseChoice(state.stable(), "stable");
  }

  /** The store explains values by the rules of gray releases; any key of the release shows whether the instance has it. */
  private boolean hasRelease(NamespaceState state, int release, Instance instance)
      throws InterruptedException {
    Optional<String> key = content(state, release).values().keySet().stream().findFirst();
    return key.isPresent()
        && store.explain(state.namespace(), key.get(), instance).stream()
            .map(ConfigStore.Explained::origin)
            .anyMatch(origin ->
                origin.layer().equals(state.namespace().toString()) && origin.release() == release);
  }

  private static <K, V> @org.jspecify.annotations.Nullable V get(Map<K, V> map, K key) {
    synchronized (map) {
      return map.get(key);
    }
  }

  private static <K, V> void put(Map<K, V> map, K key, V value) {
    synchronized (map) {
      map.put(key, value);
    }
  }

  private static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }
}
