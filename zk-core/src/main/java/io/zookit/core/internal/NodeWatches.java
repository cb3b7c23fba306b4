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

  /** Those who wait for one node; {@code armed} once the server has the watch. */
  private final class Interests {
    final Set<Consumer<WatchedEvent>> waiting = new LinkedHashSet<>();
    final Watcher watcher;
    boolean armed;

    Interests(Watched watched) {
      watcher = handle.watcher(event -> fired(watched, event));
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
    Interests interests = join(watched, heard);
    handle.getData(path, interests.watcher, read -> {
      settle(watched, interests, heard, read.isOk());
      reply.accept(read);
    });
    return () -> leave(watched, interests, heard);
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
    Interests interests = join(watched, heard);
    handle.getChildren(path, interests.watcher, read -> {
      settle(watched, interests, heard, read.isOk());
      reply.accept(read);
    });
    return () -> leave(watched, interests, heard);
  }

  /** How many nodes are watched. */
  public int size() {
    return table.size();
  }

  private Interests join(Watched watched, Consumer<WatchedEvent> heard) {
    Interests interests = table.computeIfAbsent(watched, Interests::new);
    interests.waiting.add(heard);
    return interests;
  }

  private void settle(
      Watched watched, Interests interests, Consumer<WatchedEvent> heard, boolean set) {
    if (!set) {
      leave(watched, interests, heard);
      return;
    }
    interests.armed = true;
    if (interests.waiting.isEmpty()) {
      forget(watched, interests);
    } else {
      table.putIfAbsent(watched, interests);
    }
  }

  private void fired(Watched watched, WatchedEvent event) {
    Interests interests = table.remove(watched);
    if (interests != null) {
      List<Consumer<WatchedEvent>> told = new ArrayList<>(interests.waiting);
      interests.waiting.clear();
      interests.armed = false;
      told.forEach(heard -> heard.accept(event));
    }
  }

  private void leave(Watched watched, Interests interests, Consumer<WatchedEvent> heard) {
    if (interests.waiting.remove(heard) && interests.waiting.isEmpty()) {
      forget(watched, interests);
    }
  }

  private void forget(Watched watched, Interests interests) {
    table.remove(watched, interests);
    if (interests.armed && !table.containsKey(watched)) {
      interests.armed = false;
      handle.removeAllWatches(watched.path, watched.kind, gone -> {});
    }
  }
}
