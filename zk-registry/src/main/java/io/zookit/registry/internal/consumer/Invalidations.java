package io.zookit.registry.internal.consumer;

import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * Parts of a service whose cache is out of date: all of it, the contents of buckets, the data of nodes, or nodes that were
 * deleted. Decides what an event, a connect and an abandoned read add to them.
 *
 * <p><i>Threads:</i> used on the loop.
 */
public class Invalidations {

  private final Set<String> buckets = new HashSet<>();
  private final Set<NodeRef> nodes = new LinkedHashSet<>();
  private final Set<NodeRef> deleted = new LinkedHashSet<>();
  private boolean all;
  private boolean policy;

  /** Creates an empty set. */
  public Invalidations() {}

  boolean isEmpty() {
    return !all && !policy && buckets.isEmpty() && nodes.isEmpty() && deleted.isEmpty();
  }

  /** Tells if nodes were deleted, and nothing is to be read. */
  boolean isOnlyDeletions() {
    return !all && !policy && buckets.isEmpty() && nodes.isEmpty() && !deleted.isEmpty();
  }

  /** Tells if everything is to be read. */
  boolean all() {
    return all;
  }

  /** Tells if operators may say something else. */
  boolean policy() {
    return policy;
  }

  void addPolicy() {
    policy = true;
  }

  Set<String> buckets() {
    return buckets;
  }

  /** The nodes to be read. */
  Set<NodeRef> nodes() {
    return nodes;
  }

  /** The nodes that do not exist any more; they need not be read. */
  Set<NodeRef> deleted() {
    return deleted;
  }

  void addAll() {
    all = true;
  }

  void add(String bucket) {
    buckets.add(bucket);
  }

  void add(NodeRef node) {
    nodes.add(node);
    deleted.remove(node);
  }

  void delete(NodeRef node) {
    deleted.add(node);
    nodes.remove(node);
  }

  /** Adds what an earlier read did not get; what is known to be deleted, or to exist again, since then counts. */
  void add(Invalidations earlier) {
    all |= earlier.all;
    policy |= earlier.policy;
    buckets.addAll(earlier.buckets);
    earlier.nodes.stream().filter(node -> !deleted.contains(node)).forEach(nodes::add);
    earlier.deleted.stream().filter(node -> !nodes.contains(node)).forEach(deleted::add);
  }

  /** Adds what an event of a watch on a service says may have changed. */
  void add(WatchedEvent event, ServicePaths place) {
    EventType type = event.getType();
    if (event.getPath().equals(place.path().value())) {
      addAll();
      return;
    }
    String[] below = place.below(event.getPath()).split("/", -1);
    if (below[0].equals(ServicePaths.POLICY) && below.length == 1) {
      addPolicy();
      return;
    }
    if (!ServicePaths.isBucket(below[0]) || below.length > 2) {
      return;
    }
    if (below.length == 1) {
      if (type != EventType.NodeDataChanged) {
        add(below[0]);
      }
    } else if (type == EventType.NodeDeleted) {
      delete(new NodeRef(below[0], below[1]));
    } else {
      add(new NodeRef(below[0], below[1]));
    }
  }
}
