package io.zookit.registry.internal.consumer;

import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * What of a service may not be as it is known: everything, the contents of some buckets, or the data of some nodes. Used
 * on the loop.
 */
final class Invalidations {

  private final Set<String> buckets = new HashSet<>();
  private final Set<NodeRef> nodes = new LinkedHashSet<>();
  private boolean all;
  private boolean sync;
  private boolean policy;

  boolean isEmpty() {
    return !all && !policy && buckets.isEmpty() && nodes.isEmpty();
  }

  /** Whether everything is to be read. */
  boolean all() {
    return all;
  }

  /** Whether the server has to catch up with its leader first. */
  boolean sync() {
    return sync;
  }

  /** Whether operators may say something else. */
  boolean policy() {
    return policy;
  }

  void addPolicy() {
    policy = true;
  }

  Set<String> buckets() {
    return buckets;
  }

  Set<NodeRef> nodes() {
    return nodes;
  }

  void addAll(boolean withSync) {
    all = true;
    sync |= withSync;
  }

  void add(String bucket) {
    buckets.add(bucket);
  }

  void add(NodeRef node) {
    nodes.add(node);
  }

  /** Takes over what another read did not get to. */
  void add(Invalidations other) {
    all |= other.all;
    sync |= other.sync;
    policy |= other.policy;
    buckets.addAll(other.buckets);
    nodes.addAll(other.nodes);
  }

  /** Adds what an event of a watch on a service says may have changed. */
  void add(WatchedEvent event, ServicePaths place) {
    EventType type = event.getType();
    if (event.getPath().equals(place.path().value())) {
      addAll(false);
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
    boolean instance = below.length == 2;
    if (instance && type != EventType.NodeDeleted) {
      add(new NodeRef(below[0], below[1]));
    } else if (instance || type != EventType.NodeDataChanged) {
      add(below[0]);
    }
  }
}
