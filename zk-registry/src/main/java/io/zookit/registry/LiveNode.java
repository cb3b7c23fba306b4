package io.zookit.registry;

/**
 * The node of an instance, as far as it is known. Its name is put together on each call: stored, names would be the
 * greatest part of a view.
 */
class LiveNode {

  private final String bucket;
  private final long nonce;
  private final long ctime;
  private final ServiceInstance instance;

  /**
   * Creates a node.
   *
   * @param ctime when the node was created, in milliseconds of the server's clock
   */
  LiveNode(String bucket, NodeName name, long ctime, ServiceInstance instance) {
    this.bucket = bucket.intern(); // there are few
    this.nonce = name.nonce();
    this.ctime = ctime;
    this.instance = instance;
  }

  String bucket() {
    return bucket;
  }

  NodeRef ref() {
    return new NodeRef(bucket, name());
  }

  NodeName nodeName() {
    return new NodeName(instance.id(), nonce);
  }

  String name() {
    return nodeName().toString();
  }

  long ctime() {
    return ctime;
  }

  ServiceInstance instance() {
    return instance;
  }

  /** Tells if it is the node with this nonce in a bucket. */
  boolean isAt(String bucket, long nonce) {
    return this.nonce == nonce && this.bucket.equals(bucket);
  }

  /** Tells if both have the same name. */
  boolean isSame(LiveNode other) {
    return nonce == other.nonce && instance.id().equals(other.instance.id());
  }
}
