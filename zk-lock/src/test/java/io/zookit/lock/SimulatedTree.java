package io.zookit.lock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes of one replica. Every replica applies the same changes in the same order. */
final class SimulatedTree {

  enum Kind {
    CREATE,
    DELETE,
    SET
  }

  /**
   * One change that the leader has decided.
   *
   * @param owner the session of an ephemeral node; 0 for others
   * @param byOwner whether the session that owns the node asked for the change
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Change(
      Kind kind, String path, byte[] data, long owner, boolean container, boolean byOwner) {}

  private final Map<String, SimulatedNode> nodes = new HashMap<>();
  private long zxid;

  SimulatedTree() {
    nodes.put("/", new SimulatedNode(new byte[0], 0, false, 0));
  }

  /** The last transaction it has. */
  long zxid() {
    return zxid;
  }

  void toZxid(long applied) {
    zxid = applied;
  }

  @Nullable
  SimulatedNode find(String path) {
    return nodes.get(path);
  }

  /** The paths of a session's nodes, in the order they were made. */
  List<String> ephemerals(long session) {
    List<Map.Entry<String, SimulatedNode>> owned = new ArrayList<>();
    for (Map.Entry<String, SimulatedNode> entry : nodes.entrySet()) {
      if (entry.getValue().owner == session) {
        owned.add(entry);
      }
    }
    owned.sort((a, b) -> a.getValue().czxid != b.getValue().czxid
        ? Long.compare(a.getValue().czxid, b.getValue().czxid)
        : a.getKey().compareTo(b.getKey()));
    return owned.stream().map(Map.Entry::getKey).toList();
  }

  /** Paths below which a condition holds, in an order that does not depend on names. */
  List<String> where(java.util.function.Predicate<Map.Entry<String, SimulatedNode>> condition) {
    List<Map.Entry<String, SimulatedNode>> found =
        new ArrayList<>(nodes.entrySet().stream().filter(condition).toList());
    Collections.sort(found, (a, b) -> Long.compare(a.getValue().czxid, b.getValue().czxid));
    return found.stream().map(Map.Entry::getKey).toList();
  }

  void apply(Change change, long at) {
    zxid = at;
    switch (change.kind()) {
      case CREATE -> {
        nodes.put(
            change.path(),
            new SimulatedNode(change.data(), change.owner(), change.container(), at));
        SimulatedNode parent = parent(change.path());
        parent.children.add(name(change.path()));
        parent.created++;
        parent.pzxid = at;
      }
      case DELETE -> {
        nodes.remove(change.path());
        SimulatedNode parent = parent(change.path());
        parent.children.remove(name(change.path()));
        parent.pzxid = at;
      }
      case SET -> {
        SimulatedNode node = require(change.path());
        node.data = change.data();
        node.mzxid = at;
        node.version++;
      }
    }
  }

  SimulatedNode parent(String path) {
    return require(parentOf(path));
  }

  private SimulatedNode require(String path) {
    SimulatedNode node = nodes.get(path);
    if (node == null) {
      throw new IllegalStateException("the model lost " + path);
    }
    return node;
  }

  static String parentOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
