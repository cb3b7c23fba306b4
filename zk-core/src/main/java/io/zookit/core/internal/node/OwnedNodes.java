package io.zookit.core.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.GuaranteedDeletes;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/**
 * The reconciler of a client's {@link OwnedNode}s: it creates the nodes that are wanted and missing, each with retries
 * of its own.
 *
 * <p><i>Cost:</i> a node is one create; of many that are wanted at the same time {@value CreateBatches#MOST} share a
 * request. After a reconnect in the same session, and every {@value #AUDIT_SECONDS} s with jitter, one
 * {@code getEphemerals} verifies all nodes at once; nodes that exist are not touched, so no other client is notified of
 * the reconnect.
 */
public final class OwnedNodes implements SessionListener {

  private static final int AUDIT_SECONDS = 30;
  private static final Backoff RETRIES =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(12));
  private static final SecureRandom RANDOM = new SecureRandom();

  private final NodeSpace space;
  private final EphemeralBudget budget;
  private final GuaranteedDeletes deletes;
  private final Set<OwnedNode> nodes = new LinkedHashSet<>();
  private final CreateBatches creates = new CreateBatches();
  private final Scope scope;
  private Scope session;
  private @Nullable SessionHandle handle;

  /**
   * Creates a reconciler without nodes.
   *
   * @param budget of the nodes
   * @param deletes takes over the deletes of nodes that are closed
   */
  public OwnedNodes(NodeSpace space, EphemeralBudget budget, GuaranteedDeletes deletes) {
    this.space = space;
    this.budget = budget;
    this.deletes = deletes;
    this.scope = Scope.root(space.loop(), space.timekeeper());
    this.session = scope.child();
  }

  /** Begins to listen to sessions. */
  public void start() {
    space.onSessions(this);
  }

  /**
   * Keeps a node in existence from now on; creates none if the client is closed. On the loop.
   *
   * @param folders what must be above it
   * @param naming the path for a nonce
   */
  public OwnedNode own(
      Folders folders, LongFunction<ZkPath> naming, byte[] data, OwnedNode.Listener listener) {
    OwnedNode node = new OwnedNode(this, folders, naming, data, listener);
    if (scope.isOpen()) {
      nodes.add(node);
      connected().ifPresent(node::onConnected);
    }
    return node;
  }

  /**
   * Replaces the data of nodes: in one request as far as they exist and it fits, else as soon as they do. On the loop.
   *
   * <p>If ZooKeeper refuses the request because of one of them, each is written on its own.
   */
  public void update(Map<OwnedNode, byte[]> data) {
    List<OwnedNode.DataWrite> writes = new ArrayList<>();
    data.forEach((node, bytes) -> {
      node.want(bytes);
      OwnedNode.DataWrite write = node.beginWrite();
      if (write != null) {
        writes.add(write);
      }
    });
    int from = 0;
    for (List<Op> batch : Multi.batches(
        writes.stream().map(OwnedNode.DataWrite::operation).toList(), CreateBatches.MOST)) {
      write(List.copyOf(writes.subList(from, from + batch.size())), batch);
      from += batch.size();
    }
  }

  private static void write(List<OwnedNode.DataWrite> writes, List<Op> operations) {
    if (writes.size() == 1) {
      writes.get(0).send();
      return;
    }
    writes.get(0).handle().multi(operations, answer -> {
      if (answer.isOk() || !answer.isAnswered()) {
        writes.forEach(write -> write.end(answer.code()));
      } else {
        writes.forEach(OwnedNode.DataWrite::send);
      }
    });
  }

  NodeSpace space() {
    return space;
  }

  EphemeralBudget budget() {
    return budget;
  }

  GuaranteedDeletes deletes() {
    return deletes;
  }

  CreateBatches creates() {
    return creates;
  }

  Optional<SessionHandle> connected() {
    return Optional.ofNullable(handle);
  }

  void forget(OwnedNode node) {
    nodes.remove(node);
  }

  /** Draws a random number. It is not a session id, because any client that knows one can end the session. */
  long drawNonce() {
    return RANDOM.nextLong();
  }

  void later(int failures, Runnable retry) {
    scope.after(RETRIES.delay(failures), retry);
  }

  @Override
  public void onConnected(SessionHandle connected) {
    if (!scope.isOpen()) {
      return;
    }
    boolean sameSession = connected.equals(handle);
    handle = connected;
    if (nodes.stream().anyMatch(node -> node.ownedPath() != null)) {
      verify(connected);
    }
    new ArrayList<>(nodes).forEach(node -> node.onConnected(connected));
    if (!sameSession) {
      session.close();
      session = scope.child();
      scheduleAudit(connected);
    }
  }

  @Override
  public void onSuspect(SessionHandle suspect) {}

  @Override
  public void onLost(SessionHandle lost) {
    handle = null;
    session.close();
    new ArrayList<>(nodes).forEach(node -> node.onLost(lost));
  }

  private void verify(SessionHandle verified) {
    verified.getEphemerals(listed -> {
      if (listed.isOk()) {
        for (OwnedNode node : new ArrayList<>(nodes)) {
          node.onListed(verified, listed.get());
          node.onVerified();
        }
      }
    });
  }

  private void scheduleAudit(SessionHandle audited) {
    session.after(Backoff.spread(Duration.ofSeconds(AUDIT_SECONDS)), () -> {
      if (!nodes.isEmpty()) {
        verify(audited);
      }
      scheduleAudit(audited);
    });
  }

  /** Closes all nodes. */
  public void close() {
    space.loop().execute(() -> {
      scope.close();
      handle = null;
      new ArrayList<>(nodes).forEach(OwnedNode::close);
    });
  }
}
