package io.zookit.lock.internal.queue;

import io.zookit.core.Subscription;
import io.zookit.core.internal.node.NodeWatches.NodeWatch;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Watches a queue node of this process: an operator may remove the node, or write into it that the lock is wanted back.
 * Begins a second after the node's creation, so that short leases do not pay for it, or when its request has to wait. Used
 * on the loop.
 */
public final class OwnNodeWatch {

  /** Receives what happens to the node, on the loop; nothing after {@link #close}. */
  public interface Listener {

    /** The node is gone. */
    void onRemoved();

    /** The node was read. */
    void onData(byte[] data);
  }

  private final QueueClient queues;
  private final SessionHandle handle;
  private final ZkPath path;
  private final Listener listener;
  private @Nullable Subscription timer;
  private @Nullable NodeWatch watch;
  private boolean isArmed;

  /** True while the server has the watch, and the node existed when it was set. */
  private boolean isAnswered;

  private boolean closed;

  OwnNodeWatch(QueueClient queues, SessionHandle handle, ZkPath path, Listener listener) {
    this.queues = queues;
    this.handle = handle;
    this.path = path;
    this.listener = listener;
    armLater();
  }

  private void armLater() {
    isArmed = false;
    timer = queues.timer().run(this::arm);
  }

  /** Returns whether the node existed when its watch was set, and no event has come since. */
  boolean isAnswered() {
    return isAnswered;
  }

  /** Watches it from now on, if it does not yet. */
  void armNow() {
    if (!isArmed) {
      cancelTimer();
      arm();
    }
  }

  private void arm() {
    isAnswered = false;
    if (!closed && !handle.isOver()) {
      isArmed = true;
      watch = queues.watches().watch(path, this::onEvent, this::onRead);
    }
  }

  private void onRead(Answer<SessionHandle.Node> read) {
    if (closed) {
      return;
    }
    if (read.isOk()) {
      isAnswered = true;
      listener.onData(read.get().data());
    } else if (read.code() == Code.NONODE) {
      listener.onRemoved();
    } else if (!read.isAnswered()) {
      armLater();
    }
  }

  private void onEvent(WatchedEvent event) {
    if (closed) {
      return;
    }
    if (event.getType() == EventType.NodeDeleted) {
      listener.onRemoved();
    } else {
      arm();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.close();
      timer = null;
    }
  }

  /** Ends the watch of a node that is about to be deleted. */
  void close() {
    closed = true;
    cancelTimer();
    if (watch != null) {
      watch.closeBeforeDelete();
    }
  }
}
