package io.zookit.core.internal;

import io.zookit.core.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * One-shot data watches of one session, shared by all local interests in a node and taken off the server when the last
 * interest ends. Used on the loop only.
 *
 * <p>ZooKeeper's own {@code removeWatches(path, watcher)} leaves the server's watch behind, so all watches of the node
 * are removed, which is right because this table is the only one who sets data watches.
 */
public final class NodeWatches {

  private final SessionHandle handle;
  private final Map<ZkPath, Interests> watched = new HashMap<>();

  /** A table for one session. */
  public NodeWatches(SessionHandle handle) {
    this.handle = handle;
  }

  /** One call of {@link #watch}: two are two, also with one consumer. */
  private static final class Interest {
    final Consumer<WatchedEvent> heard;

    Interest(Consumer<WatchedEvent> heard) {
      this.heard = heard;
    }
  }

  /** Those who wait for one node; {@code armed} once the server has the watch. */
  private final class Interests {
    final Set<Interest> waiting = new LinkedHashSet<>();
    final Watcher watcher;
    boolean armed;

    Interests(ZkPath path) {
      watcher = handle.watcher(event -> fired(path, this, event));
    }
  }

  /**
   * Reads a node and waits for its next change or end.
   *
   * @param heard told once; not at all when the read finds no node or fails
   * @return closing it ends the interest
   */
  public Subscription watch(
      ZkPath path, Consumer<WatchedEvent> heard, Consumer<Answer<SessionHandle.Node>> reply) {
    Interests interests = watched.computeIfAbsent(path, Interests::new);
    Interest interest = new Interest(heard);
    interests.waiting.add(interest);
    handle.getData(path, interests.watcher, read -> {
      if (read.isOk()) {
        interests.armed = true;
        if (interests.waiting.isEmpty()) {
          forget(path, interests);
        } else {
          watched.putIfAbsent(path, interests);
        }
      } else {
        leave(path, interests, interest);
      }
      reply.accept(read);
    });
    return () -> leave(path, interests, interest);
  }

  /** How many nodes are watched. */
  public int size() {
    return watched.size();
  }

  private void fired(ZkPath path, Interests interests, WatchedEvent event) {
    if (event.getType() == EventType.DataWatchRemoved) {
      return; // our own doing; those who came since have a watch of their own
    }
    watched.remove(path, interests);
    List<Interest> told = new ArrayList<>(interests.waiting);
    interests.waiting.clear();
    interests.armed = false;
    told.forEach(interest -> interest.heard.accept(event));
  }

  private void leave(ZkPath path, Interests interests, Interest interest) {
    if (interests.waiting.remove(interest) && interests.waiting.isEmpty()) {
      forget(path, interests);
    }
  }

  private void forget(ZkPath path, Interests interests) {
    watched.remove(path, interests);
    if (interests.armed && !watched.containsKey(path)) {
      interests.armed = false;
      handle.removeAllWatches(path, Watcher.WatcherType.Data, gone -> {});
    }
  }
}
