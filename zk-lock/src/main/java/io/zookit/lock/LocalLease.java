package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One owner's part of a node that several owners of this process have one after the other.
 *
 * <p>It is HELD until it is closed or its node is lost; in between, it is what the shared lease is.
 */
final class LocalLease implements Lease {

  private final LockEngine engine;
  private final HandOffQueue queue;
  private final LeaseHandle shared;
  private final FencingToken token;
  private final LockObservers observers;
  private final HoldLimit limit;
  private final long grantedAt;
  private final LeaseStateMachine life = new LeaseStateMachine();
  private final LeaseListeners news;

  LocalLease(
      LockEngine engine,
      HandOffQueue queue,
      LeaseHandle shared,
      FencingToken token,
      LockObservers observers,
      HoldLimit limit) {
    this.engine = engine;
    this.queue = queue;
    this.shared = shared;
    this.token = token;
    this.observers = observers;
    this.limit = limit;
    this.grantedAt = engine.client().timekeeper().nanos();
    this.news = new LeaseListeners(engine.client().lane("lease " + shared.name()));
  }

  @Override
  public String name() {
    return shared.name();
  }

  @Override
  public FencingToken token() {
    return token;
  }

  @Override
  public LeaseState state() {
    LeaseState own = life.now();
    if (own == LeaseState.HELD && limit.isOver()) {
      return LeaseState.EXPIRED_HOLD;
    }
    return own == LeaseState.HELD ? shared.state() : own;
  }

  @Override
  public boolean isValid() {
    return state() == LeaseState.HELD;
  }

  @Override
  public Subscription onLost(Consumer<? super Lease> listener) {
    return news.onLost(listener);
  }

  @Override
  public Subscription onRevoked(Consumer<? super String> listener) {
    return news.onRevoked(listener);
  }

  /** The node stays when the lease is handed on, so the transaction asks this lease, not the shared one. */
  @Override
  public FencedTransaction fenced() {
    return new FencedTransaction(engine, this, shared.standing());
  }

  @Override
  public CompletableFuture<Void> released() {
    return news.gone();
  }

  void onSuspect() {
    observers.onSuspect(token);
  }

  void onRevokeAsked(String reason) {
    news.tellRevoked(reason);
  }

  /** Gives the lock on, or up, because it was held too long. On the loop. */
  void expire() {
    if (shared.state() != LeaseState.LOST && life.toExpired()) {
      engine.meters().onLost();
      observers.onLost(token, limit.reason());
      news.tellLost(this);
      queue.onClosed(this);
    }
  }

  void toLost(String reason) {
    if (life.toLost()) {
      limit.cancel();
      engine.meters().onLost();
      observers.tellLost(token, reason);
      news.tellLost(this);
    }
  }

  /** The lock is surely no longer held by this lease. */
  void toGone() {
    news.tellGone();
  }

  @Override
  public void close() {
    if (shared.state() == LeaseState.LOST) {
      return; // the loss is on its way here
    }
    if (life.toReleased()) {
      limit.cancel();
      long held = engine.client().timekeeper().nanos() - grantedAt;
      engine.meters().onReleased(held);
      observers.onReleased(token, held);
      engine.client().loop().execute(() -> queue.onClosed(this));
    }
  }

  @Override
  public String toString() {
    return "lease " + name() + " " + token + " " + state();
  }
}
