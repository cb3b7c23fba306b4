package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.node.PersistentWatch;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.internal.store.ServicePaths;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.jspecify.annotations.Nullable;

/**
 * The hint that something of a service has changed, in one session: one persistent recursive watch, or, where the
 * server's watch manager has none, one-shot watches that each read sets. Lives on the loop.
 */
final class WatchRegistration {

  private enum Kind {
    NONE,
    RECURSIVE,
    ONE_SHOT
  }

  private final SessionHandle handle;
  private final ServicePaths place;
  private final PersistentWatch watch;
  private final Set<ZkPath> paths = new LinkedHashSet<>();
  private Kind kind = Kind.NONE;

  WatchRegistration(SessionHandle handle, ServicePaths place, Consumer<WatchedEvent> heard) {
    this.handle = handle;
    this.place = place;
    this.watch = new PersistentWatch(handle, place.path(), heard);
  }

  /** The session it belongs to. */
  SessionHandle handle() {
    return handle;
  }

  /** Returns the watcher that each read has to set, if any. */
  @Nullable
  Watcher oneShot() {
    return kind == Kind.ONE_SHOT ? watch.watcher() : null;
  }

  /** Sets the watch, unless it is set. */
  void arm(Consumer<Code> refused) {
    if (kind != Kind.NONE) {
      return;
    }
    watch.set(() -> kind = Kind.RECURSIVE, code -> {
      kind = Kind.ONE_SHOT;
      refused.accept(code);
    });
  }

  /** A removal took it off that was not for it: it is to be armed again. */
  void onTakenOff() {
    if (kind == Kind.RECURSIVE) {
      kind = Kind.NONE;
    }
  }

  /**
   * Removes the watch from the server.
   *
   * @param known the nodes that may carry one-shot watches
   * @param unanswered runs if watches may be left on the server; they are then to be {@linkplain #removeAgain removed
   *     again}
   */
  void remove(ServiceCache known, Runnable unanswered) {
    paths.add(place.path());
    if (kind == Kind.ONE_SHOT) {
      known.buckets().forEach(bucket -> paths.add(place.bucket(bucket)));
      known.nodes().forEach(node -> paths.add(place.node(node)));
    }
    removeAgain(unanswered);
  }

  /** Takes off what could not be taken off before. */
  void removeAgain(Runnable unanswered) {
    List<ZkPath> left = List.copyOf(paths);
    for (ZkPath path : left) {
      boolean last = path.equals(left.get(left.size() - 1));
      // Of any kind: servers before 3.9 know no other, and the library calls their refusal OK.
      handle.removeWatch(path, WatcherType.Any, watch.watcher(), removed -> {
        if (removed.isAnswered()) {
          paths.remove(path);
        }
        if (last && !paths.isEmpty()) {
          unanswered.run();
        }
      });
    }
  }
}
