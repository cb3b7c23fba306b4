package io.zookit.lock.internal.queue;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.QueueEntry;

/**
 * A queue node that a request of this process has created.
 *
 * @param claim what the request wants of the queue
 * @param path the node
 * @param entry the node's name, parsed
 * @param czxid the transaction that created the node
 */
public record QueueNode(Claim claim, ZkPath path, QueueEntry entry, long czxid) {

  public LockQueue queue() {
    return claim.queue();
  }
}
