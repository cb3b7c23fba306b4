package io.zookit.core.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Own ephemeral nodes that must go: each delete is sent until it is answered or the session that owns the node is over.
 *
 * <p>It is the client's first session listener, so after a reconnect debts are sent before anything new. Used on the
 * loop only.
 */
public final class DeletionDebt implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(DeletionDebt.class);

  private record Node(SessionHandle handle, ZkPath path) {}

  private final Map<Node, CompletableFuture<Void>> owed = new LinkedHashMap<>();

  /**
   * Deletes a node of a session, however long it takes.
   *
   * @return done when the node is surely gone or the session is over; it never fails
   */
  public CompletableFuture<Void> delete(SessionHandle handle, ZkPath path) {
    if (handle.isOver()) {
      return CompletableFuture.completedFuture(null);
    }
    Node node = new Node(handle, path);
    CompletableFuture<Void> known = owed.get(node);
    if (known != null) {
      return known;
    }
    CompletableFuture<Void> gone = new CompletableFuture<>();
    owed.put(node, gone);
    if (handle.isConnected()) {
      send(node);
    }
    return gone;
  }

  /** How many deletes are not answered yet. */
  public int size() {
    return owed.size();
  }

  /** Completes a future when all that is owed now is settled. */
  void whenSettled(CompletableFuture<Void> settled) {
    CompletableFuture.allOf(owed.values().toArray(new CompletableFuture<?>[0]))
        .thenRun(() -> settled.complete(null));
  }

  private void send(Node node) {
    node.handle.delete(node.path, -1, deleted -> {
      if (deleted.isOk() || deleted.code() == Code.NONODE) {
        settle(node);
      } else if (deleted.code() == Code.THROTTLEDOP) {
        send(node); // that is no spin: servers say it only of what has waited in their queue
      } else if (deleted.isAnswered()) {
        log.warn(
            "{}: cannot be deleted ({}), it stays until its session ends",
            node.path,
            deleted.code());
        settle(node);
      }
    });
  }

  private void settle(Node node) {
    CompletableFuture<Void> gone = owed.remove(node);
    if (gone != null) {
      gone.complete(null);
    }
  }

  @Override
  public void onConnected(SessionHandle handle) {
    ofSession(handle).forEach(this::send);
  }

  @Override
  public void onSuspect(SessionHandle handle) {}

  @Override
  public void onLost(SessionHandle handle) {
    ofSession(handle).forEach(this::settle);
  }

  private List<Node> ofSession(SessionHandle handle) {
    List<Node> nodes = new ArrayList<>(owed.keySet());
    nodes.removeIf(node -> node.handle != handle);
    return nodes;
  }
}
