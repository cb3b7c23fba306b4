package io.zookit.registry.internal.consumer;

import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the instances of a service. Several nodes may have one id; the one that was created last counts for it.
 * Pure; used by one thread at a time.
 */
final class NodesById {

  private final LatestById<CachedNode> latest = new LatestById<>();
  private final Map<String, List<CachedNode>> superseded = new HashMap<>();

  /** Returns the node that counts for an id. */
  Optional<CachedNode> latest(String id) {
    return latest.find(id);
  }

  /** Returns the nodes that count, in the order of the ids. */
  List<LiveNode> latest() {
    return Collections.unmodifiableList(latest.all());
  }

  /** Returns the nodes of an id that do not count. */
  List<CachedNode> superseded(String id) {
    return superseded.getOrDefault(id, List.of());
  }

  /** Tells if each id has one node at most. */
  boolean isUnambiguous() {
    return superseded.isEmpty();
  }

  void forEach(Consumer<CachedNode> each) {
    latest.all().forEach(each);
    superseded.values().forEach(others -> others.forEach(each));
  }

  /** Returns a node; null if it is unknown. */
  @Nullable
  CachedNode find(NodeRef ref) {
    return NodeName.parse(ref.name()).map(name -> find(ref.bucket(), name)).orElse(null);
  }

  /** Returns a node; null if it is unknown. */
  @Nullable
  CachedNode find(String bucket, NodeName name) {
    CachedNode now = latest.find(name.id()).orElse(null);
    if (now == null || now.isAt(bucket, name.nonce())) {
      return now;
    }
    for (CachedNode other : superseded(name.id())) {
      if (other.isAt(bucket, name.nonce())) {
        return other;
      }
    }
    return null;
  }

  /** Adds a node that is unknown. */
  void add(CachedNode node) {
    String id = node.instance().id();
    CachedNode now = latest.find(id).orElse(null);
    if (now == null) {
      latest.put(node);
    } else if (CachedNode.BY_CREATION.compare(node, now) > 0) {
      latest.put(node);
      supersede(id, now);
    } else {
      supersede(id, node);
    }
  }

  /** Removes a node that is known; the next newest counts for its id then. */
  void remove(CachedNode node) {
    String id = node.instance().id();
    List<CachedNode> others = superseded.getOrDefault(id, new ArrayList<>());
    if (latest.find(id).orElse(null) == node) {
      latest.remove(id);
      others.stream().max(CachedNode.BY_CREATION).ifPresent(next -> {
        latest.put(next);
        others.remove(next);
      });
    } else {
      others.remove(node);
    }
    if (others.isEmpty()) {
      superseded.remove(id);
    }
  }

  private void supersede(String id, CachedNode node) {
    superseded.computeIfAbsent(id, each -> new ArrayList<>()).add(node);
  }
}
