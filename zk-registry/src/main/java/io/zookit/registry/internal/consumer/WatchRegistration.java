package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.internal.store.ServicePaths;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
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
  private final Watcher watcher;
  private final Set<ZkPath> paths = new LinkedHashSet<>();
  private Kind kind = Kind.NONE;

  WatchRegistration(SessionHandle handle, ServicePaths place, Consumer<WatchedEvent> heard) {
    this.handle = handle;
    this.place = place;
    this.watcher = handle.watcher(heard);
  }

  /** The session it belongs to. */
  SessionHandle handle() {
    return handle;
  }

  /** Returns the watcher that each read has to set, if any. */
  @Nullable
  Watcher oneShot() {
    return kind == Kind.ONE_SHOT ? watcher : null;
  }

  /** Sets the watch, unless it is set. */
  void arm(Consumer<Code> refused) {
    if (kind != Kind.NONE) {
      return;
    }
    handle.addWatch(place.path(), watcher, AddWatchMode.PERSISTENT_RECURSIVE, set -> {
      if (set.isOk()) {
        kind = Kind.RECURSIVE;
      } else if (set.code() == Code.MARSHALLINGERROR || set.isAnswered()) {
        // A watch manager without persistent watches fails, and the server calls that a marshalling
        // error.
        kind = Kind.ONE_SHOT;
        refused.accept(set.code());
      }
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
      handle.removeWatch(path, WatcherType.Any, watcher, removed -> {
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
