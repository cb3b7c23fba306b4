package io.zookit.lock.barrier;

import io.zookit.core.Subscription;
import io.zookit.core.internal.node.NodeWatches;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The data of a node and the children of a node, both followed in one session. Used on the loop.
 *
 * <p>Events come before the answers that show later states, so the children that are reported with data are not older
 * than they are.
 */
final class WatchedNode {

  private final NodeWatches watches;
  private final ZkPath node;
  private final ZkPath folder;
  private final Runnable changed;
  private @Nullable Subscription dataWatch;
  private @Nullable Subscription childrenWatch;
  private @Nullable Answer<SessionHandle.Node> data;
  private @Nullable Answer<SessionHandle.Children> children;
  private boolean dataAsked;
  private boolean childrenAsked;
  private boolean closed;

  /** Creates a pair of nodes that is not followed yet; {@code changed} runs when both are known, and at each change. */
  WatchedNode(NodeWatches watches, ZkPath node, ZkPath folder, Runnable changed) {
    this.watches = watches;
    this.node = node;
    this.folder = folder;
    this.changed = changed;
  }

  /**
   * Asks for what is neither known nor asked; tells at once when all is known, for what was decided may have been lost
   * on its way.
   */
  void follow() {
    tell();
    if (!dataAsked) {
      followData();
    }
    if (!childrenAsked) {
      followChildren();
    }
  }

  Answer<SessionHandle.Node> data() {
    return Objects.requireNonNull(data);
  }

  Answer<SessionHandle.Children> children() {
    return Objects.requireNonNull(children);
  }

  private void followData() {
    if (closed) {
      return;
    }
    data = null;
    dataAsked = true;
    dataWatch = watches.watch(node, event -> followData(), read -> {
      data = read;
      dataAsked = read.isAnswered();
      tell();
    });
  }

  private void followChildren() {
    if (closed) {
      return;
    }
    children = null;
    childrenAsked = true;
    childrenWatch = watches.watchChildren(folder, event -> followChildren(), read -> {
      children = read;
      childrenAsked = read.isAnswered();
      tell();
    });
  }

  private void tell() {
    if (!closed && data != null && children != null && data.isAnswered() && children.isAnswered()) {
      changed.run();
    }
  }

  void close() {
    closed = true;
    if (dataWatch != null) {
      dataWatch.close();
    }
    if (childrenWatch != null) {
      childrenWatch.close();
    }
  }
}
