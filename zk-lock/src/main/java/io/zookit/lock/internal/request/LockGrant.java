package io.zookit.lock.internal.request;

import io.zookit.core.FencingToken;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.queue.QueueNodes;

/**
 * A granted request: what a lease stands on.
 *
 * @param request the request, which ends if the nodes are lost or given up
 * @param nodes its queue nodes
 * @param token the token of the lease
 */
public record LockGrant(LockRequest request, QueueNodes nodes, FencingToken token) {

  public SessionHandle handle() {
    return nodes.handle();
  }

  /** Returns the same nodes with the token of their next owner in this process. */
  public LockGrant handedOff() {
    return new LockGrant(
        request, nodes, new FencingToken(token.incarnation(), token.zxid(), token.handOff() + 1));
  }
}
