package io.zookit.registry.internal.catalog;

import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * Parts of the catalog that are out of date: all of it, whole services, policies, nodes, or nodes that were deleted. Used
 * on the loop.
 */
final class CatalogInvalidations {

  private static final int SERVICE = 1;
  private static final int CHILD = 2;
  private static final int NODE = 3;

  private final Set<String> services = new LinkedHashSet<>();
  private final Set<String> policies = new LinkedHashSet<>();
  private final Set<CatalogNode> nodes = new LinkedHashSet<>();
  private final Set<CatalogNode> deleted = new LinkedHashSet<>();
  private boolean all;

  boolean isEmpty() {
    return !all && services.isEmpty() && policies.isEmpty() && nodes.isEmpty() && deleted.isEmpty();
  }

  /** Tells if everything is to be read. */
  boolean all() {
    return all;
  }

  /** The services of which everything is to be read. */
  Set<String> services() {
    return services;
  }

  /** The services whose policy is to be read. */
  Set<String> policies() {
    return policies;
  }

  /** The nodes to be read. */
  Set<CatalogNode> nodes() {
    return nodes;
  }

  /** The nodes that do not exist any more. */
  Set<CatalogNode> deleted() {
    return deleted;
  }

  void addAll() {
    all = true;
  }

  void addService(String service) {
    services.add(service);
  }

  /**
   * Adds what may have changed.
   *
   * @param path of the node that has changed, below the folder of all services; empty for the folder itself
   */
  void add(String path, EventType change) {
    if (path.isEmpty()) {
      addAll();
      return;
    }
    String[] below = path.split("/", -1);
    boolean isInBucket = below.length == NODE && ServicePaths.isBucket(below[1]);
    if (below.length == SERVICE || (below.length == CHILD && ServicePaths.isBucket(below[1]))) {
      addService(below[0]);
    } else if (below.length == CHILD && below[1].equals(ServicePaths.POLICY)) {
      policies.add(below[0]);
    } else if (isInBucket && change == EventType.NodeDeleted) {
      delete(new CatalogNode(below[0], new NodeRef(below[1], below[2])));
    } else if (isInBucket) {
      addNode(new CatalogNode(below[0], new NodeRef(below[1], below[2])));
    }
  }

  private void addNode(CatalogNode node) {
    nodes.add(node);
    deleted.remove(node);
  }

  private void delete(CatalogNode node) {
    deleted.add(node);
    nodes.remove(node);
  }
}
