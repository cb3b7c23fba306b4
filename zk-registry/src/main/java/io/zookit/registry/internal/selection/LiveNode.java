package io.zookit.registry.internal.selection;

import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;

/**
 * The node of an instance, as far as it is known. Its name is put together on each call: stored, names would be the
 * greatest part of a view.
 */
public class LiveNode {

  private final String bucket;
  private final long nonce;
  private final long ctime;
  private final ServiceInstance instance;

  /**
   * Creates a node.
   *
   * @param ctime when the node was created, in milliseconds of the server's clock
   */
  public LiveNode(String bucket, NodeName name, long ctime, ServiceInstance instance) {
    this.bucket = bucket.intern(); // there are few
    this.nonce = name.nonce();
    this.ctime = ctime;
    this.instance = instance;
  }

  public String bucket() {
    return bucket;
  }

  public NodeRef ref() {
    return new NodeRef(bucket, name());
  }

  public NodeName nodeName() {
    return new NodeName(instance.id(), nonce);
  }

  public String name() {
    return nodeName().toString();
  }

  public long ctime() {
    return ctime;
  }

  public ServiceInstance instance() {
    return instance;
  }

  /** Tells if it is the node with this nonce in a bucket. */
  public boolean isAt(String bucket, long nonce) {
    return this.nonce == nonce && this.bucket.equals(bucket);
  }

  /** Tells if both have the same name. */
  public boolean isSame(LiveNode other) {
    return nonce == other.nonce && instance.id().equals(other.instance.id());
  }
}
