package io.zookit.lock.internal.queue;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.OwnerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue nodes of one request in one session, from their creation until they are given up. Watches them for what
 * operators do to them, beginning a second after the creation. Used on the loop; {@link #handle} and {@link #list} on any
 * thread.
 */
public final class QueueNodes {

  private final QueueClient queues;
  private final SessionHandle handle;
  private final List<QueueNode> nodes;
  private final OwnNodeWatch.Listener listener;
  private final List<OwnNodeWatch> watches = new ArrayList<>();
  private boolean isDetached;

  /** False from a break of the connection until the session has shown its nodes on the next one. */
  private boolean isVerified = true;

  private @Nullable Consumer<Boolean> confirming;

  /**
   * Creates an object for nodes that were just created.
   *
   * @param listener receives what happens to them
   */
  public QueueNodes(
      QueueClient queues,
      SessionHandle handle,
      List<QueueNode> nodes,
      OwnNodeWatch.Listener listener) {
    this.queues = queues;
    this.handle = handle;
    this.nodes = List.copyOf(nodes);
    this.listener = listener;
  }

  /** The session that owns the nodes. */
  public SessionHandle handle() {
    return handle;
  }

  /** Returns the nodes, in the order of the claims. */
  public List<QueueNode> list() {
    return nodes;
  }

  /** Returns the node of the first claim. */
  public QueueNode first() {
    return nodes.get(0);
  }

  /** Begins to watch the nodes a second later. */
  public void watchLater() {
    OwnNodeWatch.Listener reads = new OwnNodeWatch.Listener() {
      @Override
      public void onRemoved() {
        listener.onRemoved();
      }

      @Override
      public void onData(byte[] data) {
        listener.onData(data);
        confirmIfKnown();
      }
    };
    nodes.forEach(node -> watches.add(new OwnNodeWatch(queues, handle, node.path(), reads)));
  }

  /**
   * Watches the nodes from now on: a request whose turn may come without a listing must know that all of them exist.
   *
   * <p><i>Cost:</i> one request each, that nothing waits for.
   */
  public void watchNow() {
    watches.forEach(OwnNodeWatch::armNow);
  }

  /**
   * Confirms that all nodes existed on the present connection, and that it reports their removal.
   *
   * @param reply called once, at once if that is known: with true, or with false if the connection breaks before. Not
   *     called if the nodes are removed or given up before
   */
  public void confirm(Consumer<Boolean> reply) {
    confirming = reply;
    watchNow();
    confirmIfKnown();
  }

  private void confirmIfKnown() {
    if (isVerified && !isDetached && watches.stream().allMatch(OwnNodeWatch::isAnswered)) {
      confirm(true);
    }
  }

  private void confirm(boolean exist) {
    Consumer<Boolean> reply = confirming;
    confirming = null;
    if (reply != null) {
      reply.accept(exist);
    }
  }

  /** The connection is in doubt. */
  public void onSuspect() {
    isVerified = false;
    confirm(false);
  }

  /** The session owns the nodes, as was read on the present connection. */
  public void onVerified() {
    isVerified = true;
    confirmIfKnown();
  }

  /** Notifies the request that one of the nodes does not exist, unless they were given up. */
  void reportRemoved() {
    if (!isDetached) {
      listener.onRemoved();
    }
  }

  /** Returns whether all nodes are among those that the session owns. */
  public boolean isWithin(Set<ZkPath> owned) {
    return nodes.stream().allMatch(node -> owned.contains(node.path()));
  }

  /** Replaces the data of all nodes. */
  public void write(OwnerRecord record) {
    nodes.forEach(node -> queues.writes().write(handle, node.path(), record));
  }

  /** Ends the watches and what is still to be written; the nodes stay. */
  public void detach() {
    isDetached = true;
    confirming = null;
    watches.forEach(OwnNodeWatch::close);
    nodes.forEach(node -> queues.writes().forget(handle, node.path()));
  }

  /**
   * Deletes all nodes.
   *
   * @return completed when they are certainly gone
   */
  public CompletableFuture<Void> remove() {
    detach();
    return queues.release(this, false);
  }

  /** Deletes all nodes, of a lease that its user has closed: the requests of this session that wait behind them follow. */
  public CompletableFuture<Void> removeReleased() {
    detach();
    return queues.release(this, true);
  }
}
