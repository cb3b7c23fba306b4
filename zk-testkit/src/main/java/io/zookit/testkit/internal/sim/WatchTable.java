package io.zookit.testkit.internal.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.Watcher.Event.EventType;

/** Watches by kind and path: of connections at a server, of watchers in a client library. */
final class WatchTable<T> {

  /** The changes a watch waits for; a server keeps {@code EXISTS} as {@code DATA}. */
  enum Kind {
    DATA,
    EXISTS,
    CHILDREN,
    /** Stays, for changes of one node and of its children. */
    PERSISTENT,
    /** Stays, for changes of all nodes from a path down. */
    RECURSIVE;

    /** The kind a server keeps it as. */
    Kind atServer() {
      return this == EXISTS ? DATA : this;
    }
  }

  private final Map<Kind, Map<String, Set<T>>> table = new EnumMap<>(Kind.class);

  WatchTable() {
    for (Kind kind : Kind.values()) {
      table.put(kind, new LinkedHashMap<>());
    }
  }

  void add(Kind kind, String path, T who) {
    of(kind).computeIfAbsent(path, missing -> new LinkedHashSet<>()).add(who);
  }

  /** Removes and returns all watches of a path and kind. */
  Set<T> take(Kind kind, String path) {
    Set<T> taken = of(kind).remove(path);
    return taken == null ? Set.of() : taken;
  }

  /** Removes and returns all watches. */
  Set<T> takeAll() {
    Set<T> taken = new LinkedHashSet<>();
    table.values().forEach(paths -> {
      paths.values().forEach(taken::addAll);
      paths.clear();
    });
    return taken;
  }

  /** Removes one watch; false if there was none. */
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

  void removeAll(T who) {
    for (Kind kind : Kind.values()) {
      of(kind).values().forEach(those -> those.remove(who));
      of(kind).values().removeIf(Set::isEmpty);
    }
  }

  /** The watches that an event of a path concerns; those that are not to stay are removed. */
  Set<T> concerned(EventType type, String path) {
    Set<T> concerned = new LinkedHashSet<>();
    if (type != EventType.NodeChildrenChanged) {
      concerned.addAll(take(Kind.DATA, path));
      concerned.addAll(take(Kind.EXISTS, path));
    }
    if (type == EventType.NodeChildrenChanged || type == EventType.NodeDeleted) {
      concerned.addAll(take(Kind.CHILDREN, path));
    }
    concerned.addAll(of(Kind.PERSISTENT).getOrDefault(path, Set.of()));
    if (type != EventType.NodeChildrenChanged && !of(Kind.RECURSIVE).isEmpty()) {
      String from = path;
      while (!from.equals("/")) {
        concerned.addAll(of(Kind.RECURSIVE).getOrDefault(from, Set.of()));
        from = SimulatedTree.parentOf(from);
      }
      concerned.addAll(of(Kind.RECURSIVE).getOrDefault("/", Set.of()));
    }
    return concerned;
  }

  /** The watched paths of a kind. */
  List<String> paths(Kind kind) {
    return new ArrayList<>(of(kind).keySet());
  }

  /** All watched paths. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      paths.addAll(of(kind).keySet());
    }
    return paths;
  }

  private Map<String, Set<T>> of(Kind kind) {
    return table.computeIfAbsent(kind, missing -> new LinkedHashMap<>());
  }

  @Override
  public String toString() {
    return table.toString();
  }
}
