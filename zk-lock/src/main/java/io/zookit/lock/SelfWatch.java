package io.zookit.lock;

import io.zookit.core.Subscription;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Watches the own node of a request, beginning a second after it was made, so that short requests do not pay for it: an
 * operator may remove the node. Lives on the loop.
 */
final class SelfWatch {

  private static final Duration DELAY = Duration.ofSeconds(1);

  private final LockEngine engine;
  private final Place place;
  private final Consumer<EventType> heard;
  private @Nullable Subscription pending;
  private boolean closed;

  SelfWatch(LockEngine engine, Place place, Consumer<EventType> heard) {
    this.engine = engine;
    this.place = place;
    this.heard = heard;
    this.pending =
        engine.client().timekeeper().after(DELAY, () -> engine.client().loop().execute(this::arm));
  }

  private void arm() {
    if (closed || place.handle().isOver()) {
      return;
    }
    pending = engine.watches().watch(place.node(), event -> onEvent(event.getType()), read -> {
      if (read.code() == Code.NONODE) {
        onEvent(EventType.NodeDeleted);
      } else if (!read.isAnswered() && !closed) {
        pending = engine
            .client()
            .timekeeper()
            .after(DELAY, () -> engine.client().loop().execute(this::arm));
      }
    });
  }

  private void onEvent(EventType what) {
    if (!closed) {
      heard.accept(what);
      if (!closed && what != EventType.NodeDeleted) {
        arm();
      }
    }
  }

  void close() {
    closed = true;
    if (pending != null) {
      pending.close();
    }
  }
}
