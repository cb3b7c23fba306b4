package io.zookit.lock;

import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.SessionHandle;

/**
 * A node in a queue that this session surely made.
 *
 * @param claim what it asks for
 * @param handle the session
 * @param czxid the transaction that made it
 */
record Place(Claim claim, SessionHandle handle, ZkPath node, QueueEntry entry, long czxid) {

  LockQueue queue() {
    return claim.queue();
  }
}
