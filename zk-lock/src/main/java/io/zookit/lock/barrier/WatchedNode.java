package io.zookit.lock.barrier;

import io.zookit.core.Subscription;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;

/**
 * Follows a node's data and the children of a node together, through all sessions. Used on the loop.
 *
 * <p>Events come before the answers that show later states, so the children that are reported with data are not older
 * than the data.
 */
final class WatchedNode implements Subscription {

  private final Scope scope;
  private final NodeFollower<SessionHandle.Node> data;
  private final NodeFollower<SessionHandle.Children> children;
  private final Runnable changed;

  /**
   * Creates what follows both once it is notified of a session.
   *
   * @param changed runs whenever both are known after a connect or a change
   */
  WatchedNode(Barriers barriers, ZkPath node, ZkPath folder, Runnable changed) {
    this.scope = Scope.root(barriers.client().loop(), barriers.client().timekeeper());
    this.data =
        NodeFollower.ofData(scope, session -> barriers.watches(), node, read -> reportIfKnown());
    this.children = NodeFollower.ofChildren(
        scope, session -> barriers.watches(), folder, read -> reportIfKnown());
    this.changed = changed;
  }

  /** Reads both. */
  void onConnected(SessionHandle handle) {
    data.onConnected(handle);
    children.onConnected(handle);
  }

  void onLost(SessionHandle handle) {
    data.onLost(handle);
    children.onLost(handle);
  }

  /** Reports what is known, if that is the newest: a decision about it may have been lost on its way. */
  void reportIfKnown() {
    if (scope.isOpen() && data.latest().isPresent() && children.latest().isPresent()) {
      changed.run();
    }
  }

  Answer<SessionHandle.Node> data() {
    return data.latest().orElseThrow();
  }

  Answer<SessionHandle.Children> children() {
    return children.latest().orElseThrow();
  }

  @Override
  public void close() {
    scope.close();
  }
}
