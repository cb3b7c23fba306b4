package io.zookit.lock;

import io.zookit.core.internal.node.ZkPath;

/**
 * A queue node that a request of this process has created.
 *
 * @param claim what the request wants of the queue
 * @param path the node
 * @param entry the node's name, parsed
 * @param czxid the transaction that created the node
 */
record QueueNode(Claim claim, ZkPath path, QueueEntry entry, long czxid) {

  LockQueue queue() {
    return claim.queue();
  }
}
