package io.zookit.registry.internal.consumer;

import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.store.NodeName;
import java.util.Comparator;
import org.apache.zookeeper.data.Stat;

/** The node of an instance in the cache, with the version in which it was read. Immutable. */
final class CachedNode extends LiveNode {

  /** The order of creation. Of nodes that one transaction created, all clients must choose the same. */
  static final Comparator<CachedNode> BY_CREATION = Comparator.<CachedNode>comparingLong(
          node -> node.czxid)
      .thenComparing(node -> node.nodeName().nonce(), Long::compareUnsigned);

  final long czxid;
  final long mzxid;
  final boolean oversized;

  /**
   * Creates a node.
   *
   * @param oversized whether its present data was too large to be read
   */
  CachedNode(String bucket, NodeName name, Stat stat, ServiceInstance instance, boolean oversized) {
    super(bucket, name, stat.getCtime(), instance);
    this.czxid = stat.getCzxid();
    this.mzxid = stat.getMzxid();
    this.oversized = oversized;
  }

  /** The same node with other data that cannot be read; its last instance stays. */
  CachedNode with(Stat stat, boolean large) {
    return new CachedNode(bucket(), nodeName(), stat, instance(), large);
  }

  /** Tells if both are live and have different addresses. */
  boolean conflictsWith(CachedNode other) {
    return !instance().address().equals(other.instance().address())
        && instance().status() != InstanceStatus.LEAVING
        && other.instance().status() != InstanceStatus.LEAVING;
  }
}
