package io.zookit.lock.internal.request;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.Lease;
import io.zookit.lock.LeaseState;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.queue.ConfirmedCreation;
import io.zookit.lock.internal.queue.NodeCreation;
import io.zookit.lock.internal.queue.OwnNodeWatch;
import io.zookit.lock.internal.queue.PredecessorWait;
import io.zookit.lock.internal.queue.QueueClient;
import io.zookit.lock.internal.queue.QueueNode;
import io.zookit.lock.internal.queue.QueueNodes;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One request for one or several locks, from the call to the end of its lease. Owns the whole story: every answer and
 * every event arrives here, and what is not of the present state is stale. Used on the loop.
 *
 * <pre>
 *   New ──start──► Idle ──connected──► Creating ──created──► InQueue ──all granted──► Granted ──► Done
 *                   ▲                   │                     │                        │ handed to the next
 *                   │                   │                     │                        │ owner in this process
 *                   └───session lost────┴─────────────────────┘                        └──► Granted
 * </pre>
 *
 * <p>The nodes belong to one session: a node of an expired session that still exists is a predecessor like any other. A
 * {@link ConfirmedCreation} creates them. In each queue a {@link PredecessorWait} decides by the {@link GrantRule} when the
 * turn has come.
 */
public final class LockRequest
    implements Request,
        ConfirmedCreation.Listener,
        PredecessorWait.Listener,
        OwnNodeWatch.Listener {

  private sealed interface State {}

  private record New() implements State {}

  private record Idle() implements State {}

  private record Creating(ConfirmedCreation creation) implements State {}

  private record InQueue(ConfirmedCreation creation, QueueNodes nodes, List<PredecessorWait> waits)
      implements State {

    List<PredecessorWait> open() {
      return waits.stream().filter(wait -> !wait.isOver()).toList();
    }
  }

  private record Granted(LockGrant grant, LeaseHandle lease) implements State {}

  private record Done() implements State {}

  private static final New NEW = new New();
  private static final Idle IDLE = new Idle();
  private static final Done DONE = new Done();

  private final LockEngine engine;
  private final QueueClient queues;
  private final String name;
  private final List<Claim> claims;
  private final LockOptions options;
  private final boolean waits;
  private final GrantHandler handler;
  private final long askedAt;
  private final CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
  private final DeadlockParty party;
  private final Runnable onMaximumChanged = this::onMaximumChanged;
  private OwnerRecord record;
  private Instant inQueueSince = Instant.EPOCH;
  private State state = NEW;
  private @Nullable Subscription reserved;

  /**
   * Creates a request that is not started.
   *
   * @param name of what is requested, for people
   * @param waits whether it queues behind others, or ends empty if there are any
   * @param handler creates the lease
   */
  public LockRequest(
      LockEngine engine,
      String name,
      List<Claim> claims,
      LockOptions options,
      boolean waits,
      GrantHandler handler) {
    this.engine = engine;
    this.queues = engine.queues();
    this.name = name;
    this.claims = claims;
    this.options = options;
    this.waits = waits;
    this.handler = handler;
    this.party = new DeadlockParty(engine, this, options);
    this.record = options.record(engine.owner());
    this.askedAt = engine.client().timekeeper().nanos();
    options.observers().onRequested();
  }

  /** Creates a request whose lease has nothing particular. */
  public static LockRequest plain(
      LockEngine engine, String name, List<Claim> claims, LockOptions options, boolean waits) {
    return new LockRequest(
        engine,
        name,
        claims,
        options,
        waits,
        grant -> new LeaseHandle(engine, grant, options, LeaseOwner.REQUEST));
  }

  @Override
  public void start() {
    if (state == NEW) { // not if it was given up before
      engine.begin(this);
    }
  }

  @Override
  public CompletableFuture<Optional<Lease>> outcome() {
    return outcome;
  }

  String name() {
    return name;
  }

  @Override
  public String describe() {
    if (state instanceof InQueue queued) {
      return queued.open().stream()
          .map(PredecessorWait::describe)
          .distinct()
          .collect(Collectors.joining("; "));
    }
    return engine.isConnected() ? "no answer from ZooKeeper yet" : "not connected to ZooKeeper";
  }

  @Override
  public Optional<WaitedFor> waitedFor() {
    return state instanceof InQueue queued
        ? queued.open().stream().flatMap(wait -> wait.waitedFor().stream()).findFirst()
        : Optional.empty();
  }

  /** Takes up what it needs besides its nodes; called by the engine. */
  void begin() {
    state = IDLE;
    claims.forEach(claim -> claim.rule().use(onMaximumChanged));
    if (waits) {
      party.begin();
    }
  }

  // Events of the session

  void onConnected(SessionHandle handle) {
    if (state == IDLE) {
      create(handle);
    } else if (state instanceof InQueue queued) {
      queued.open().forEach(PredecessorWait::onConnected);
    }
  }

  void onSuspect(SessionHandle handle) {
    if (state instanceof Granted granted && granted.grant.handle() == handle) {
      granted.grant.nodes().onSuspect();
      granted.lease.toSuspect();
    }
  }

  /**
   * A lease ends for good: another client may have been granted. Its node is deleted if the session turns out to live. A
   * request that waits keeps its node.
   */
  void onDeadline(SessionHandle handle) {
    if (state instanceof Granted granted && granted.grant.handle() == handle) {
      lose(granted, "disconnected for a whole session timeout");
    }
  }

  void onLost(SessionHandle handle) {
    if (state instanceof Granted granted) {
      if (granted.grant.handle() == handle) {
        lose(granted, "the session ended");
      }
    } else if (state != DONE) {
      withdraw();
      state = IDLE;
      if (!waits) {
        fail(new ZkUnavailableException(this + ": the session ended; nothing is left behind"));
      }
    }
  }

  /** Compares with the nodes that the session owns, after a reconnect. */
  void onVerified(SessionHandle handle, Set<ZkPath> owned) {
    if (state instanceof Creating creating && creating.creation.handle() == handle) {
      creating.creation.onVerified(owned);
    } else if (state instanceof Granted granted && granted.grant.handle() == handle) {
      if (granted.grant.nodes().isWithin(owned)) {
        granted.lease.toHeld();
        granted.grant.nodes().onVerified();
      } else {
        lose(granted, "its node was removed");
      }
    }
  }

  // Creation of the nodes

  private void create(SessionHandle handle) {
    try {
      reserved = queues.reserve(claims);
    } catch (ZkException e) {
      fail(e);
      return;
    }
    ConfirmedCreation creation =
        new ConfirmedCreation(queues, handle, claims, record.encoded(), this);
    state = new Creating(creation);
    creation.begin();
  }

  @Override
  public void onCreated(ConfirmedCreation creation, NodeCreation.NodesCreated result) {
    toInQueue(creation, result.paths(), result.czxid());
    if (state instanceof InQueue queued) {
      switch (result.others()) {
        case NONE -> queued.waits.get(0).onAlone();
        case SOME -> queued.open().forEach(PredecessorWait::list);
        case LISTED -> {} // the answer comes next
      }
    }
  }

  @Override
  public void onUnanswered() {
    failUnlessWaiting();
  }

  @Override
  public void onNotSent() {
    withdraw();
    state = IDLE;
    failUnlessWaiting();
  }

  private void failUnlessWaiting() {
    if (!waits) {
      fail(new ZkUnavailableException(this + ": the connection broke; nothing is left behind"));
    }
  }

  private void toInQueue(ConfirmedCreation creation, List<ZkPath> paths, long czxid) {
    List<QueueNode> created = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      ZkPath path = paths.get(i);
      QueueEntry entry = QueueEntry.parse(path.name())
          .orElseThrow(
              () -> new IllegalStateException(path + ": a node of ours outside the grammar"));
      created.add(new QueueNode(claims.get(i), path, entry, czxid));
    }
    QueueNodes nodes = new QueueNodes(queues, creation.handle(), created, this);
    List<PredecessorWait> turns = created.stream()
        .map(node -> new PredecessorWait(queues, nodes, node, waits, this))
        .toList();
    state = new InQueue(creation, nodes, turns);
    inQueueSince = engine.client().timekeeper().now();
    Optional<QueueNode> unordered =
        created.stream().filter(node -> !node.entry().isOrdered()).findFirst();
    if (unordered.isPresent()) {
      fail(new ZkException(unordered.get().queue() + ": sequence numbers are used up ("
          + unordered.get().entry().sequence()
          + "); they start again when the queue was empty once"));
    } else {
      nodes.watchLater();
      if (handler.allowsSuccession()) {
        created.forEach(node -> queues.succession().add(node, this::asWaitedFor));
      }
    }
  }

  /** The owner of its nodes, as the exception of a request that waits for it names it. */
  WaitedFor asWaitedFor() {
    return record.waitedFor(inQueueSince);
  }

  @Override
  public void onListed(int claim, Answer<List<QueueEntry>> entries) {
    if (state instanceof InQueue queued) {
      queued.waits.get(claim).onListed(entries);
    }
  }

  // The wait for the turn in each queue

  private void onMaximumChanged() {
    if (state instanceof InQueue queued) {
      queued.open().forEach(PredecessorWait::list);
    }
  }

  @Override
  public void onBlocked(int ahead) {
    if (waits) {
      options.observers().onQueued(ahead);
      handler.onQueued(ahead);
    } else {
      completeBusy();
    }
  }

  @Override
  public void onReached() {
    if (state instanceof InQueue queued && queued.open().isEmpty()) {
      grant(queued);
    }
  }

  @Override
  public void onFailed(ZkException reason) {
    fail(reason);
  }

  private void grant(InQueue queued) {
    FencingToken token;
    try {
      token = engine.client().token(queued.nodes.first().czxid(), 0);
    } catch (ZkException e) {
      fail(e);
      return;
    }
    party.end();
    LockGrant grant = new LockGrant(this, queued.nodes, token);
    LeaseHandle lease = handler.onGranted(grant);
    install(grant, lease);
    if (queued.waits.stream().anyMatch(PredecessorWait::owesNotice)) {
      writeToLease(record.toGranted());
    }
    options.observers().onGranted(token, engine.client().timekeeper().nanos() - askedAt);
    outcome.complete(Optional.of(lease));
  }

  // The lease

  /** Makes a lease the owner of the nodes. */
  private void install(LockGrant grant, LeaseHandle lease) {
    state = new Granted(grant, lease);
    lease.start();
  }

  /** Hands the nodes to the next owner in this process, whose lease it is from now on. */
  public void handOff(LeaseHandle next) {
    install(next.grant(), next);
  }

  /** Returns whether the nodes are owned and the session is certainly alive. */
  public boolean isSafelyGranted() {
    return state instanceof Granted granted && granted.grant.handle().isSafe();
  }

  /** Watches the nodes of a lease from now on, so that {@link #confirmNodes} need not wait for it. */
  public void watchNodes() {
    if (state instanceof Granted granted) {
      granted.grant.nodes().watchNow();
    }
  }

  /**
   * Confirms that the nodes of the lease existed on the present connection, and that it reports their removal.
   *
   * @param reply called once, at once if that is known: with true, or with false if the connection breaks before. Not
   *     called if the lease is lost or its nodes are given up before
   */
  public void confirmNodes(Consumer<Boolean> reply) {
    if (state instanceof Granted granted) {
      granted.grant.nodes().confirm(reply);
    }
  }

  /**
   * Deletes the nodes and ends the request. A request of the same session that waits directly behind is granted, if the
   * user has closed the lease.
   *
   * @return completed when the nodes are certainly gone; at once if they were lost before
   */
  public CompletableFuture<Void> release() {
    boolean closed =
        state instanceof Granted granted && granted.lease.state() == LeaseState.RELEASED;
    return release(closed ? QueueNodes::removeReleased : QueueNodes::remove);
  }

  /**
   * Releases the nodes by a strategy and ends the request.
   *
   * @return completed when the nodes are certainly gone; at once if they were lost before
   */
  public CompletableFuture<Void> release(ReleaseStrategy strategy) {
    if (!(state instanceof Granted granted)) {
      return CompletableFuture.completedFuture(null);
    }
    long held = granted.lease.heldNanos();
    claims.forEach(claim -> queues.knownQueues().onHeld(claim.queue().path(), held));
    CompletableFuture<Void> gone = strategy.release(granted.grant.nodes());
    toDone();
    returnReserved(gone);
    return gone;
  }

  /** Lets readers in. */
  void downgrade() {
    writeToLease(record.toDowngraded());
  }

  /** Writes into the nodes of a lease which node its party waits for. */
  void publishWaitsFor(String node) {
    if (!node.equals(record.waitsFor())) {
      writeToLease(record.withWaitsFor(node));
    }
  }

  /** Replaces the record in the nodes of a lease; does nothing without one. */
  private void writeToLease(OwnerRecord changed) {
    if (state instanceof Granted granted) {
      record = changed;
      granted.grant.nodes().write(changed);
    }
  }

  /** An operator has removed a node: the lease is lost; a request goes to the end of its queues. */
  @Override
  public void onRemoved() {
    if (state instanceof Granted granted) {
      lose(granted, "its node was removed");
    } else if (state instanceof InQueue queued && waits) {
      withdraw();
      create(queued.nodes.handle());
    } else if (state != DONE) {
      fail(new ZkException(this + ": its node was removed"));
    }
  }

  @Override
  public void onData(byte[] data) {
    if (state instanceof Granted granted) {
      OwnerRecord.read(data).map(OwnerRecord::revoke).ifPresent(granted.lease::onRevokeAsked);
    }
  }

  private void lose(Granted granted, String reason) {
    CompletableFuture<Void> gone = granted.grant.nodes().remove();
    returnReserved(gone);
    toDone();
    granted.lease.toLost(reason, gone);
  }

  // The end

  @Override
  public void giveUp(ZkException reason) {
    if (state instanceof Granted granted) {
      granted.lease.closeOnLoop();
    } else if (state != DONE) {
      fail(reason);
    }
  }

  @Override
  public void giveUpUnlessGranted(Supplier<ZkException> reason) {
    if (!(state instanceof Granted) && state != DONE) {
      fail(reason.get());
    }
  }

  @Override
  public void completeBusy() {
    if (state != DONE) { // not if it was given up during the look
      withdraw();
      toDone();
      options.observers().onBusy();
      outcome.complete(Optional.empty());
    }
  }

  private void fail(ZkException reason) {
    withdraw();
    toDone();
    options.observers().onGivenUp(engine.client().timekeeper().nanos() - askedAt);
    outcome.completeExceptionally(reason);
  }

  /** Takes back what a request that is not granted has, or may have, in ZooKeeper. */
  private void withdraw() {
    CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);
    if (state instanceof Creating creating) {
      creating.creation.withdraw();
    } else if (state instanceof InQueue queued) {
      queued.creation.withdraw();
      queued.waits.forEach(PredecessorWait::close);
      gone = queued.nodes.remove();
    }
    returnReserved(gone);
  }

  private void returnReserved(CompletableFuture<Void> gone) {
    Subscription budget = reserved;
    reserved = null;
    if (budget != null) {
      gone.thenRun(budget::close);
    }
  }

  private void toDone() {
    boolean begun = state != NEW;
    state = DONE;
    party.end();
    if (begun) {
      claims.forEach(claim -> claim.rule().leave(onMaximumChanged));
    }
    engine.end(this);
  }

  // What a deadlock search needs

  /** Returns the queues in which the turn has not come; none if it does not wait. */
  public List<PredecessorWait> waitsFor() {
    return state instanceof InQueue queued ? queued.open() : List.of();
  }

  /** Returns its part in the search for deadlocks. */
  DeadlockParty party() {
    return party;
  }

  @Override
  public String toString() {
    return "lock " + name;
  }
}
