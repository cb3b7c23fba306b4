package io.zookit.lock;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One-shot watches by path and kind: of connections at a server, of watchers in a client library. */
final class SimulatedWatches<T> {

  /** What a watch waits for; a server keeps {@code EXISTS} among {@code DATA}. */
  enum Kind {
    DATA,
    EXISTS,
    CHILDREN
  }

  private final Map<Kind, Map<String, Set<T>>> table = new EnumMap<>(Kind.class);

  SimulatedWatches() {
    for (Kind kind : Kind.values()) {
      table.put(kind, new LinkedHashMap<>());
    }
  }

  void add(Kind kind, String path, T who) {
    of(kind).computeIfAbsent(path, missing -> new LinkedHashSet<>()).add(who);
  }

  /** Takes all of a path and kind. */
  Set<T> take(Kind kind, String path) {
    Set<T> taken = of(kind).remove(path);
    return taken == null ? Set.of() : taken;
  }

  /** Takes one; false when it was not there. */
  boolean remove(Kind kind, String path, T who) {
    Set<T> those = of(kind).get(path);
    if (those == null || !those.remove(who)) {
      return false;
    }
    if (those.isEmpty()) {
      of(kind).remove(path);
    }
    return true;
  }

  @Override
  public String toString() {
    return table.toString();
  }

  void removeAll(T who) {
    for (Kind kind : Kind.values()) {
      of(kind).values().forEach(those -> those.remove(who));
      of(kind).values().removeIf(Set::isEmpty);
    }
  }

  /** The watched paths of a kind. */
  List<String> paths(Kind kind) {
    return new ArrayList<>(of(kind).keySet());
  }

  private Map<String, Set<T>> of(Kind kind) {
    return table.computeIfAbsent(kind, missing -> new LinkedHashMap<>());
  }
}
