package io.zookit.core.internal.request;

import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Own ephemeral nodes that must go: each delete is sent until its node is gone or the session that owns the node is over.
 *
 * <p>A delete that a server refuses, for want of permission mostly, stays owed: the node is still there, so nobody is
 * told that it is gone. It is logged, counted ({@code zookit.client.deletes.refused}) and sent again every minute, and
 * after each reconnect, because an operator can mend the access list.
 *
 * <p>It is the client's first session listener, so after a reconnect debts are sent before anything new. Used on the
 * loop only.
 */
public final class DeletionDebt implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(DeletionDebt.class);

  /** How long a refused delete rests. */
  public static final Duration REFUSED = Duration.ofMinutes(1);

  private record Node(SessionHandle handle, ZkPath path) {}

  /** What is owed for a node: who waits for it, and why the last try failed, if it was refused. */
  private record Debt(
      CompletableFuture<Void> gone, @Nullable Code refused) {}

  private final CoreClient client;
  private final Map<Node, Debt> owed = new LinkedHashMap<>();
  private @Nullable Subscription retry;

  /** Nothing is owed yet. The client is not used before the first refusal. */
  public DeletionDebt(CoreClient client) {
    this.client = client;
  }

  /**
   * Deletes a node of a session, however long it takes.
   *
   * @return done when the node is surely gone or the session is over; not while a server refuses to delete it. It never
   *     fails
   */
  public CompletableFuture<Void> delete(SessionHandle handle, ZkPath path) {
    if (handle.isOver()) {
      return CompletableFuture.completedFuture(null);
    }
    Node node = new Node(handle, path);
    Debt known = owed.get(node);
    if (known != null) {
      return known.gone;
    }
    CompletableFuture<Void> gone = new CompletableFuture<>();
    owed.put(node, new Debt(gone, null));
    if (handle.isConnected()) {
      send(node);
    }
    return gone;
  }

  /** How many nodes are not surely gone yet. */
  public int size() {
    return owed.size();
  }

  /** Completes a future when all that is owed now is settled, but for what servers refuse. */
  public void whenSettled(CompletableFuture<Void> settled) {
    CompletableFuture<?>[] open = owed.values().stream()
        .filter(debt -> debt.refused == null)
        .map(Debt::gone)
        .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(open).thenRun(() -> settled.complete(null));
  }

  private void send(Node node) {
    node.handle.delete(node.path, -1, deleted -> {
      if (deleted.isOk() || deleted.code() == Code.NONODE) {
        settle(node);
      } else if (deleted.code() == Code.THROTTLEDOP) {
        send(node); // that is no spin: servers say it only of what has waited in their queue
      } else if (deleted.isAnswered()) {
        refuse(node, deleted.code());
      }
    });
  }

  private void refuse(Node node, Code code) {
    Debt before = owed.get(node);
    if (before == null) {
      return; // its session has ended
    }
    owed.put(node, new Debt(before.gone, code));
    client.meters().count("zookit.client.deletes.refused", 1);
    if (before.refused == code) {
      log.debug("{}: still cannot be deleted ({})", node.path, code);
    } else {
      log.warn(
          "{}: cannot be deleted ({}); it is tried again every minute until the session ends",
          node.path,
          code);
    }
    if (retry == null) {
      retry = client.timekeeper().after(REFUSED, () -> client.loop().execute(this::sendRefused));
    }
  }

  private void sendRefused() {
    retry = null;
    Map<Node, Debt> all = new LinkedHashMap<>(owed);
    all.forEach((node, debt) -> {
      if (debt.refused != null && node.handle.isConnected()) {
        send(node);
      }
    });
  }

  private void settle(Node node) {
    Debt settled = owed.remove(node);
    if (settled != null) {
      settled.gone.complete(null);
    }
    if (retry != null && owed.values().stream().allMatch(debt -> debt.refused == null)) {
      retry.close();
      retry = null;
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
