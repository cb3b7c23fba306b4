package io.zookit.lock.internal.request;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.OwnerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The queue nodes of one request in one session, from their creation until they are given up. Watches them for what
 * operators do to them, beginning a second after the creation. Used on the loop; {@link #handle} and {@link #list} on any
 * thread.
 */
public final class QueueNodes {

  private final LockEngine engine;
  private final SessionHandle handle;
  private final List<QueueNode> nodes;
  private final List<OwnNodeWatch> watches = new ArrayList<>();

  QueueNodes(LockEngine engine, SessionHandle handle, List<QueueNode> nodes) {
    this.engine = engine;
    this.handle = handle;
    this.nodes = List.copyOf(nodes);
  }

  /** The session that owns the nodes. */
  SessionHandle handle() {
    return handle;
  }

  List<QueueNode> list() {
    return nodes;
  }

  public QueueNode first() {
    return nodes.get(0);
  }

  /** Begins to watch the nodes. */
  void watch(OwnNodeWatch.Listener listener) {
    nodes.forEach(node -> watches.add(new OwnNodeWatch(engine, handle, node.path(), listener)));
  }

  /** Returns whether all nodes are among those that the session owns. */
  boolean isWithin(Set<ZkPath> owned) {
    return nodes.stream().allMatch(node -> owned.contains(node.path()));
  }

  /** Replaces the data of all nodes. */
  void write(OwnerRecord record) {
    nodes.forEach(node -> engine.writes().write(handle, node.path(), record));
  }

  /** Ends the watches and what is still to be written; the nodes stay. */
  public void detach() {
    watches.forEach(OwnNodeWatch::close);
    nodes.forEach(node -> engine.writes().forget(handle, node.path()));
  }

  /**
   * Deletes all nodes.
   *
   * @return completed when they are certainly gone
   */
  public CompletableFuture<Void> remove() {
    detach();
    return engine.release(this);
  }
}
