package io.zookit.lock.internal.queue;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.GuaranteedDeletes;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionNotExecuted;
import io.zookit.core.internal.request.GuaranteedDeletes.CompanionOutcome;
import io.zookit.core.internal.request.GuaranteedDeletes.NodeUndeletable;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/**
 * Grants the lock of a request to the one directly behind it in the queue, if both are of one session, without waiting for
 * the server.
 *
 * <pre>
 *   the lease of P is closed ──► multi(delete P, check the nodes of W) is sent ──► W is granted, in a step of its own
 *                                     │
 *                                     ├─ a node of W is missing: W is lost; P is deleted without the check
 *                                     ├─ refused otherwise: P is deleted until that succeeds; while P exists, no other
 *                                     │  grant of the queue is made here
 *                                     └─ no answer: P is deleted after the reconnect; what became of W is seen then
 * </pre>
 *
 * <p>It is safe because the requests of a session are executed in their order: whatever W does with the lock is sent behind
 * the delete, and others are granted only if both nodes are gone. The queue stays strictly fair, since only the request
 * directly behind is granted, and the token is that of W's own node. A request whose predecessor ends in any other way
 * (its lease was lost, it timed out, was cancelled, or held the lock too long) lists the queue.
 *
 * <p>Only for exclusive requests whose lease has no state to write when it ends. Used on the loop.
 */
public class LocalSuccession {

  /** A request that waits directly behind a node of the same session. */
  interface Successor {

    /** Its nodes, all of which must exist if it is granted. */
    QueueNodes nodes();

    /**
     * The predecessor's node is being deleted.
     *
     * @param released whether because its lease was closed by its user, so that the lock is the successor's now
     */
    void onPredecessorEnded(ZkPath predecessor, boolean released);
  }

  private final CoreClient client;
  private final Map<ZkPath, Supplier<WaitedFor>> requests = new HashMap<>();
  private final Map<ZkPath, Successor> successors = new HashMap<>();

  /** Nodes that were to be deleted but still exist, because a server refused it. */
  private final Set<QueueNode> refused = new HashSet<>();

  /** Creates the succession of a client. */
  public LocalSuccession(CoreClient client) {
    this.client = client;
  }

  /**
   * Allows to follow a node of the present session, or to wait on it for another one, if its claim is exclusive.
   *
   * @param owner describes the owner of the node
   */
  public void add(QueueNode node, Supplier<WaitedFor> owner) {
    if (isAllowed(node.claim())) {
      requests.put(node.path(), owner);
    }
  }

  /**
   * Returns whether requests with a claim may follow one another. Others than exclusive ones may be preceded by several
   * that hold the lock together.
   */
  boolean isAllowed(Claim claim) {
    return claim.mode() == QueueEntry.EXCLUSIVE;
  }

  /** Returns whether a request of a session may follow its predecessor now, or has to list the queue. */
  boolean isSafe(SessionHandle session) {
    return session.isSafe();
  }

  /**
   * Waits for the end of a node instead of watching it.
   *
   * @param own the node of the one that waits
   * @return whether both nodes are of this session and allow it
   */
  boolean follow(ZkPath own, ZkPath predecessor, Successor successor) {
    boolean possible = requests.containsKey(own) && requests.containsKey(predecessor);
    if (possible) {
      successors.put(predecessor, successor);
    }
    return possible;
  }

  /** No request may follow a node any more. */
  void forget(QueueNode node) {
    requests.remove(node.path());
  }

  /** Ends {@link #follow}. */
  void unfollow(ZkPath predecessor, Successor successor) {
    successors.remove(predecessor, successor);
  }

  /** The owner of a node that is followed, for people. */
  Optional<WaitedFor> ownerOf(ZkPath predecessor) {
    return Optional.ofNullable(requests.get(predecessor)).map(Supplier::get);
  }

  /**
   * Deletes a node and notifies the request that follows it.
   *
   * @param released whether the lease of the node was closed by its user
   * @return completed when the node is certainly gone
   */
  CompletableFuture<Void> end(QueueNodes nodes, QueueNode node, boolean released) {
    ZkPath path = node.path();
    requests.remove(path);
    Successor successor = successors.remove(path);
    if (successor == null) {
      return client.debt().delete(nodes.handle(), path);
    }
    boolean granted = released && !isBlocked(node.queue().path());
    CompletableFuture<Void> gone;
    if (granted) {
      gone = client.debt().delete(nodes.handle(), path, new SuccessorCheck(node, successor));
      gone.thenRun(() -> refused.remove(node));
    } else {
      gone = client.debt().delete(nodes.handle(), path);
    }
    client.loop().execute(() -> successor.onPredecessorEnded(path, granted));
    return gone;
  }

  /** Returns whether a request of this session waits directly behind a node. */
  boolean isFollowed(QueueNode node) {
    return successors.containsKey(node.path());
  }

  /** Returns whether a node of the queue could not be deleted, so that no request may follow in it. */
  boolean isBlocked(ZkPath queue) {
    return refused.stream().anyMatch(node -> node.queue().path().equals(queue));
  }

  /** The session is over, and all its nodes with it. */
  void onLost() {
    requests.clear();
    successors.clear();
    refused.clear();
  }

  int size() {
    return requests.size() + successors.size() + refused.size();
  }

  /** The successor's nodes must exist when the predecessor's is deleted. */
  private final class SuccessorCheck implements GuaranteedDeletes.Companion {

    private final QueueNode deleted;
    private final QueueNodes nodes;

    SuccessorCheck(QueueNode deleted, Successor successor) {
      this.deleted = deleted;
      this.nodes = successor.nodes();
    }

    @Override
    public List<Op> operations() {
      return nodes.list().stream()
          .map(node -> Op.check(node.path().value(), -1))
          .toList();
    }

    @Override
    public void onOutcome(CompanionOutcome outcome) {
      if (outcome instanceof NodeUndeletable) {
        refused.add(deleted);
      } else if (outcome instanceof CompanionNotExecuted notExecuted) {
        if (notExecuted.operation() >= 0 && notExecuted.code() == Code.NONODE) {
          nodes.reportRemoved();
        } else { // the checks were not made; reading the nodes for a watch shows whether they exist
          nodes.watchNow();
        }
      }
    }
  }
}
