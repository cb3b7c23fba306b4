package io.zookit.lock.internal.handoff;

import io.zookit.core.ZkException;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.lease.LockObservers;
import io.zookit.lock.internal.request.GrantHandler;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LeaseOwner;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockGrant;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.request.LockRequest;
import io.zookit.lock.internal.rule.Claim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Requests of this process that share one queue node: its owner hands it to the next of them without a round trip, a
 * bounded number of times, then it is given up and requested again at the end of the queue. Used on the loop.
 *
 * <pre>
 *   Idle ──first request──► Requesting ──granted──► Held ──closed──► Confirming ──next in line──┐
 *    ▲                        ▲                      │ ▲                  │                      │
 *    │                        │                      │ └──────────────────┼──────────────────────┘
 *    └────no request waits────┴──────────────────────┴──bound, loss, or session not certainly alive
 * </pre>
 *
 * <p>All owners of a node have its {@code czxid} in their tokens, so each has a greater hand-off number than the one
 * before. A server cannot tell them apart: a fenced write of an owner is admitted by its own lease, in the step of the
 * loop that sends it, and a lease ends before its node is handed on in another step.
 *
 * <p>An operator may remove the node, and then another client is granted a greater token. So the node is handed on only
 * while its watch is set, and was answered on the present connection: the next in line waits for that answer. The watch is
 * set when the first request waits behind an owner, so it usually need not.
 *
 * <p><i>Cost:</i> one read for each shared node, that nothing waits for; none if no request waits behind its owner.
 */
final class HandOffQueue implements GrantHandler, LeaseOwner {

  private sealed interface State {}

  private record Idle() implements State {}

  private record Requesting(LockRequest request, boolean waits) implements State {}

  private record Held(LeaseHandle owner) implements State {}

  /** The owner has closed its lease, and the node is handed on when it is known to exist. */
  private record Confirming(LeaseHandle closed, CompletableFuture<Void> ended) implements State {}

  private static final Idle IDLE = new Idle();

  private final HandOffQueues queues;
  private final HandOffQueues.Key key;
  private final Claim claim;
  private final LockEngine engine;
  private final LockOptions shared;
  private final Set<HandOffRequest> waiting = new LinkedHashSet<>();
  private State state = IDLE;
  private boolean revoked;

  HandOffQueue(HandOffQueues queues, HandOffQueues.Key key, Claim claim) {
    this.queues = queues;
    this.key = key;
    this.claim = claim;
    this.engine = queues.engine();
    this.shared = LockOptions.observedBy(LockObservers.unmetered(key.lock()));
  }

  HandOffQueues.Key key() {
    return key;
  }

  String describe(HandOffRequest request) {
    int ahead = new ArrayList<>(waiting).indexOf(request);
    String node = state instanceof Requesting requesting
        ? requesting.request.describe()
        : "held by this process";
    return "waiting behind " + ahead + " of this process; " + node;
  }

  /** Returns the owner ahead of the shared node; empty if this process owns the node. */
  Optional<WaitedFor> waitedFor() {
    return state instanceof Requesting requesting
        ? requesting.request.waitedFor()
        : Optional.empty();
  }

  void add(HandOffRequest request) {
    if (!request.waits() && state != IDLE) {
      request.completeBusy();
      return;
    }
    request.toWaiting(this);
    waiting.add(request);
    if (state == IDLE) {
      requestNode();
    } else {
      request.observers().onQueued(waiting.size());
      if (state instanceof Held held) {
        held.owner.grant().request().watchNodes();
      }
    }
  }

  /** The request does not wait any longer. */
  void remove(HandOffRequest request) {
    waiting.remove(request);
    if (waiting.isEmpty() && state instanceof Requesting requesting) {
      state = IDLE;
      requesting.request.giveUp(new ZkException(key.lock() + ": no request waits any longer"));
      queues.forget(this);
    }
  }

  /** Ends all requests and closes the lease. */
  void close() {
    new ArrayList<>(waiting).forEach(request -> request.giveUp(clientClosed(key)));
    if (state instanceof Held held) {
      held.owner.closeOnLoop();
    } else if (state instanceof Confirming confirming) {
      giveUpNode(confirming);
    }
  }

  static ZkException clientClosed(HandOffQueues.Key key) {
    return new ZkException("lock " + key.lock() + ": the client is closed; nothing is left behind");
  }

  private void requestNode() {
    boolean waits = waiting.stream().anyMatch(HandOffRequest::waits);
    LockRequest request = new LockRequest(engine, key.lock(), List.of(claim), shared, waits, this);
    Requesting requesting = new Requesting(request, waits);
    state = requesting;
    revoked = false;
    request.start();
    request.outcome().whenComplete((granted, failure) -> {
      if (failure == null) {
        onOutcome(requesting, granted);
      } else {
        onFailure(requesting, failure);
      }
    });
  }

  /** An outcome that is not of the present state is that of a withdrawn request, which leaves nothing. */
  private void onOutcome(Requesting requesting, Optional<Lease> granted) {
    if (state != requesting) {
      return;
    }
    state = IDLE;
    if (granted.isPresent()) {
      toHeld((LeaseHandle) granted.get());
    } else {
      sharersOf(requesting).forEach(HandOffRequest::completeBusy);
    }
    resume();
  }

  private void onFailure(Requesting requesting, Throwable failure) {
    if (state == requesting && failure instanceof ZkException reason) {
      state = IDLE;
      sharersOf(requesting).forEach(request -> request.giveUp(reason));
      resume();
    }
  }

  /** Returns those whose request it was: one that does not wait was only for others that do not. */
  private List<HandOffRequest> sharersOf(Requesting requesting) {
    return waiting.stream()
        .filter(request -> requesting.waits || !request.waits())
        .toList();
  }

  /** Requests the node again for those that still wait. */
  private void resume() {
    if (state == IDLE && waiting.isEmpty()) {
      queues.forget(this);
    } else if (state == IDLE) {
      requestNode();
    }
  }

  // The node and its owners

  @Override
  public void onQueued(int ahead) {
    waiting.stream().findFirst().ifPresent(first -> first.observers().onQueued(ahead));
  }

  /** The lease of the first in line; it is handed out with the outcome of the request, in the same step. */
  @Override
  public LeaseHandle onGranted(LockGrant grant) {
    return new LeaseHandle(engine, grant, next().options(), this);
  }

  private HandOffRequest next() {
    return waiting.iterator().next();
  }

  private void toHeld(LeaseHandle owner) {
    HandOffRequest next = next();
    waiting.remove(next);
    state = new Held(owner);
    if (!waiting.isEmpty()) {
      owner.grant().request().watchNodes();
    }
    next.grant(owner);
  }

  @Override
  public CompletableFuture<Void> release(LeaseHandle closed) {
    if (!isOwner(closed)) {
      return CompletableFuture.completedFuture(null); // its node was lost before
    }
    Confirming confirming = new Confirming(closed, new CompletableFuture<>());
    state = confirming;
    if (mayHandOff(closed)) {
      closed.grant().request().confirmNodes(exist -> onConfirmed(confirming, exist));
    } else {
      giveUpNode(confirming);
    }
    return confirming.ended;
  }

  private boolean mayHandOff(LeaseHandle closed) {
    return !waiting.isEmpty()
        && closed.token().handOff() + 1 < key.bound()
        && !revoked
        && engine.client().isTrusted()
        && closed.grant().request().isSafelyGranted();
  }

  private void onConfirmed(Confirming confirming, boolean exist) {
    if (state != confirming) {
      return;
    }
    if (exist && mayHandOff(confirming.closed)) {
      LeaseHandle owner = onGranted(confirming.closed.grant().handedOff());
      owner.grant().request().handOff(owner);
      engine.meters().onHandedOff();
      toHeld(owner);
      confirming.ended.complete(null);
    } else {
      giveUpNode(confirming);
    }
  }

  private void giveUpNode(Confirming confirming) {
    state = IDLE;
    confirming.closed.grant().request().release().thenRun(() -> confirming.ended.complete(null));
    resume(); // after the release, or the new request would meet the own node
  }

  @Override
  public void onLost(LeaseHandle lost, String reason) {
    if (isOwner(lost)) {
      state = IDLE;
      resume();
    }
  }

  @Override
  public void onRevokeAsked(LeaseHandle lease, String reason) {
    revoked |= isOwner(lease);
  }

  private boolean isOwner(LeaseHandle lease) {
    return (state instanceof Held held && held.owner == lease)
        || (state instanceof Confirming confirming && confirming.closed == lease);
  }
}
