package io.zookit.lock;

import io.zookit.core.Subscription;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Watches the own node of a request, beginning a second after it was made, so that short requests do not pay for it: an
 * operator may remove the node, or write into it that the lock is wanted back. Lives on the loop.
 */
final class OwnNodeWatch {

  /** Hears what somebody else did to the node, on the loop. */
  interface Listener {

    /** The node is gone. */
    void onRemoved();

    /** What stands in the node now. */
    void onData(byte[] data);
  }

  private final LockEngine engine;
  private final Place place;
  private final Listener listener;
  private @Nullable Subscription pending;
  private boolean closed;

  OwnNodeWatch(LockEngine engine, Place place, Listener listener) {
    this.engine = engine;
    this.place = place;
    this.listener = listener;
    later();
  }

  private void later() {
    pending = engine.later().run(this::arm);
  }

  private void arm() {
    if (!closed && !place.handle().isOver()) {
      pending = engine.watches().watch(place.node(), this::onEvent, this::onRead);
    }
  }

  private void onRead(Answer<SessionHandle.Node> read) {
    if (closed) {
      return;
    }
    if (read.isOk()) {
      listener.onData(read.get().data());
    } else if (read.code() == Code.NONODE) {
      listener.onRemoved();
    } else if (!read.isAnswered()) {
      later();
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

  void close() {
    closed = true;
    if (pending != null) {
      pending.close();
    }
  }
}
