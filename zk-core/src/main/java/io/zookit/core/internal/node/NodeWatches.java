package io.zookit.core.internal.node;

import io.zookit.core.Subscription;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
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
import org.apache.zookeeper.Watcher.WatcherType;

/**
 * One-shot watches of one session, shared by all local interests in a node and taken off the server when the last
 * interest ends. Used on the loop only.
 *
 * <p>ZooKeeper's own {@code removeWatches(path, watcher)} leaves the server's watch behind, so all watches of the node
 * and kind are removed, which is right because this table is the only one who sets watches of these nodes.
 */
public final class NodeWatches {

  /** A node, and whether its data or its children are watched. */
  private record Watched(ZkPath path, WatcherType kind) {}

  private final SessionHandle handle;
  private final Map<Watched, Interests> table = new HashMap<>();

  /** A table for one session. */
  public NodeWatches(SessionHandle handle) {
    this.handle = handle;
  }

  /** One call of a watch method: two are two, also with one consumer. */
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

    Interests(Watched watched) {
      watcher = handle.watcher(event -> fired(watched, this, event));
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
    Watched watched = new Watched(path, WatcherType.Data);
    Interest interest = new Interest(heard);
    Interests interests = join(watched, interest);
    handle.getData(path, interests.watcher, read -> {
      settle(watched, interests, interest, read.isOk());
      reply.accept(read);
    });
    return () -> leave(watched, interests, interest);
  }

  /**
   * Lists a node's children and waits for the next that comes or goes.
   *
   * @param heard told once; not at all when the listing finds no node or fails
   * @return closing it ends the interest
   */
  public Subscription watchChildren(
      ZkPath path, Consumer<WatchedEvent> heard, Consumer<Answer<SessionHandle.Children>> reply) {
    Watched watched = new Watched(path, WatcherType.Children);
    Interest interest = new Interest(heard);
    Interests interests = join(watched, interest);
    handle.getChildren(path, interests.watcher, read -> {
      settle(watched, interests, interest, read.isOk());
      reply.accept(read);
    });
    return () -> leave(watched, interests, interest);
  }

  /** How many nodes are watched. */
  public int size() {
    return table.size();
  }

  private Interests join(Watched watched, Interest interest) {
    Interests interests = table.computeIfAbsent(watched, Interests::new);
    interests.waiting.add(interest);
    return interests;
  }

  private void settle(Watched watched, Interests interests, Interest interest, boolean set) {
    if (!set) {
      leave(watched, interests, interest);
      return;
    }
    interests.armed = true;
    if (interests.waiting.isEmpty()) {
      forget(watched, interests);
    } else {
      table.putIfAbsent(watched, interests);
    }
  }

  private void fired(Watched watched, Interests interests, WatchedEvent event) {
    if (event.getType() == EventType.DataWatchRemoved
        || event.getType() == EventType.ChildWatchRemoved) {
      return; // our own doing; those who came since have a watch of their own
    }
    table.remove(watched, interests);
    List<Interest> told = new ArrayList<>(interests.waiting);
    interests.waiting.clear();
    interests.armed = false;
    told.forEach(interest -> interest.heard.accept(event));
  }

  private void leave(Watched watched, Interests interests, Interest interest) {
    if (interests.waiting.remove(interest) && interests.waiting.isEmpty()) {
      forget(watched, interests);
    }
  }

  private void forget(Watched watched, Interests interests) {
    table.remove(watched, interests);
    if (!interests.armed) {
      return;
    }
    interests.armed = false;
    Interests later = table.get(watched);
    if (later == null) {
      handle.removeAllWatches(watched.path, watched.kind, gone -> {});
    } else {
      later.armed = true; // they take both watches off, also when their own read fails
    }
  }
}
