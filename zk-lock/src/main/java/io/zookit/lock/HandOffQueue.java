package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Requests of this process that share one node of a queue: its owner hands it on to the next of them without a request,
 * a bounded number of times, then it goes back to the end of the queue. Lives on the loop.
 *
 * <pre>
 *   Idle ──first request──► Asking ──granted──► Held ──closed: next in line─┐
 *    ▲                        ▲                  │ ▲                        │
 *    │                        │                  │ └────────────────────────┘
 *    └────nobody waits────────┴──bound, loss, or not surely alive
 * </pre>
 *
 * <p>All owners of a node have its {@code czxid} in their tokens, so each has a greater hand-off number than the one
 * before. A server cannot tell them apart: what an owner writes fenced is let through by his own lease, in the step of
 * the loop that sends it, and a lease ends before it is handed on in another step.
 */
final class HandOffQueue {

  private sealed interface State {}

  private record Idle() implements State {}

  private record Asking(LockRequest attempt, boolean waits) implements State {}

  /** {@code number} counts the owners before {@code owner}. */
  private record Held(LeaseHandle shared, LocalLease owner, int number) implements State {}

  private static final Idle IDLE = new Idle();

  private final HandOffQueues queues;
  private final HandOffQueues.Key key;
  private final Claim claim;
  private final LockEngine engine;
  private final LockOptions options;
  private final Set<HandOffRequest> waiting = new LinkedHashSet<>();
  private State state = IDLE;
  private boolean revoked;

  HandOffQueue(HandOffQueues queues, HandOffQueues.Key key, Claim claim) {
    this.queues = queues;
    this.key = key;
    this.claim = claim;
    this.engine = queues.engine();
    this.options = LockOptions.observedBy(
        LockObservers.of(key.lock(), new SharedNode(), engine.client().loop()));
  }

  HandOffQueues.Key key() {
    return key;
  }

  String describe(HandOffRequest request) {
    int ahead = new ArrayList<>(waiting).indexOf(request);
    String shared = state instanceof Asking asking ? asking.attempt.describe() : "held here";
    return "waiting behind " + ahead + " of this process; " + shared;
  }

  void add(HandOffRequest request) {
    if (!request.waits() && state != IDLE) {
      request.giveUpBusy();
      return;
    }
    request.toWaiting(this);
    waiting.add(request);
    if (state == IDLE) {
      ask();
    } else {
      request.observers().onQueued(waiting.size());
    }
  }

  /** The request waits no longer. */
  void remove(HandOffRequest request) {
    waiting.remove(request);
    if (waiting.isEmpty() && state instanceof Asking asking) {
      state = IDLE;
      asking.attempt.giveUp(new ZkException(key.lock() + ": nobody waits any more"));
      queues.forget(this);
    }
  }

  /** Ends all requests and gives the lock up. */
  void close() {
    new ArrayList<>(waiting).forEach(request -> request.giveUp(clientClosed(key)));
    if (state instanceof Held held) {
      held.owner.close();
    }
  }

  static ZkException clientClosed(HandOffQueues.Key key) {
    return new ZkException("lock " + key.lock() + ": the client is closed; nothing is left behind");
  }

  private void ask() {
    boolean waits = waiting.stream().anyMatch(HandOffRequest::waits);
    LockRequest attempt = new LockRequest(engine, key.lock(), List.of(claim), options, waits);
    Asking asking = new Asking(attempt, waits);
    state = asking;
    revoked = false;
    attempt.start();
    attempt.outcome().whenComplete((granted, failure) -> {
      if (failure == null) {
        onOutcome(asking, granted);
      } else {
        onFailure(asking, failure);
      }
    });
  }

  /** An outcome that nobody waits for is that of a withdrawn attempt, which leaves nothing. */
  private void onOutcome(Asking asking, Optional<Lease> granted) {
    if (state != asking) {
      return;
    }
    state = IDLE;
    if (granted.isPresent()) {
      onShared((LeaseHandle) granted.get());
    } else {
      concerned(asking).forEach(HandOffRequest::giveUpBusy);
    }
    goOn();
  }

  private void onFailure(Asking asking, Throwable failure) {
    if (state == asking && failure instanceof ZkException reason) {
      state = IDLE;
      concerned(asking).forEach(request -> request.giveUp(reason));
      goOn();
    }
  }

  /** Those whose request it was: one that does not wait asked only for its like. */
  private List<HandOffRequest> concerned(Asking asking) {
    return waiting.stream().filter(request -> asking.waits || !request.waits()).toList();
  }

  private void onShared(LeaseHandle shared) {
    shared.whenRevokeAsked(reason -> onRevoked(shared, reason));
    handOn(shared, 0);
  }

  private void handOn(LeaseHandle shared, int number) {
    HandOffRequest next = waiting.iterator().next();
    waiting.remove(next);
    FencingToken token =
        new FencingToken(shared.token().incarnation(), shared.token().zxid(), number);
    HoldLimit limit = HoldLimit.of(next.holdAtMost(), engine.client());
    LocalLease owner = new LocalLease(engine, this, shared, token, next.observers(), limit);
    state = new Held(shared, owner, number);
    limit.whenOver(engine.client(), owner::expire);
    next.grant(owner);
  }

  /** Asks again for those who still wait. */
  private void goOn() {
    if (state == IDLE && waiting.isEmpty()) {
      queues.forget(this);
    } else if (state == IDLE) {
      ask();
    }
  }

  /** The owner has closed its lease. */
  void onClosed(LocalLease owner) {
    if (!(state instanceof Held held) || held.owner != owner) {
      return;
    }
    boolean within =
        held.number + 1 < key.bound() && !revoked && engine.client().isTrusted();
    if (within && !waiting.isEmpty() && held.shared.isValid()) {
      handOn(held.shared, held.number + 1);
      engine.meters().onHandedOff();
      owner.toGone();
    } else {
      state = IDLE;
      held.shared.closeHere(); // before whoever asks next, or he would meet our own node
      held.shared.released().thenRun(owner::toGone);
      goOn();
    }
  }

  private void onRevoked(LeaseHandle shared, String reason) {
    if (state instanceof Held held && held.shared == shared) {
      revoked = true;
      held.owner.onRevokeAsked(reason);
    }
  }

  private void onLost(FencingToken token, String reason) {
    if (state instanceof Held held && held.shared.token().equals(token)) {
      state = IDLE;
      held.owner.toLost(reason);
      held.owner.toGone(); // also when he is just closing, which will find another owner here
      goOn();
    }
  }

  /** What becomes of the shared node concerns its present owner. On the loop. */
  private final class SharedNode implements LockObserver {

    @Override
    public void onQueued(String lock, int ahead) {
      waiting.stream().findFirst().ifPresent(first -> first.observers().onQueued(ahead));
    }

    @Override
    public void onSuspect(String lock, FencingToken token) {
      if (state instanceof Held held && held.shared.token().equals(token)) {
        held.owner.onSuspect();
      }
    }

    @Override
    public void onLost(String lock, FencingToken token, String reason) {
      HandOffQueue.this.onLost(token, reason);
    }
  }
}
