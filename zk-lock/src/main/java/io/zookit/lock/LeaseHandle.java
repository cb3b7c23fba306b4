package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A granted lock. The session's events move it between HELD, SUSPECT and LOST on the loop; {@code close()} takes it to
 * RELEASED from any thread.
 */
final class LeaseHandle implements Lease {

  private final LockEngine engine;
  private final String name;
  private final FencingToken token;
  private final Standing standing;
  private final LockObservers observers;
  private final Hold hold;
  private final HoldLimit limit;
  private final LeaseListeners news;
  private final long grantedAt;
  private final LeaseStateMachine life = new LeaseStateMachine();
  private Runnable whenOver = () -> {};
  private Consumer<String> whenRevokeAsked = reason -> {};

  /** What a lease can do to its nodes, on the loop. */
  interface Hold {

    /** Gives them up; done when they are surely gone. */
    CompletableFuture<Void> release();

    /** Lets readers in. */
    void downgrade();
  }

  LeaseHandle(
      LockEngine engine,
      String name,
      FencingToken token,
      Standing standing,
      LockObservers observers,
      HoldLimit limit,
      Hold hold) {
    this.engine = engine;
    this.name = name;
    this.token = token;
    this.standing = standing;
    this.observers = observers;
    this.limit = limit;
    this.hold = hold;
    this.news = new LeaseListeners(engine.client().lane("lease " + name));
    this.grantedAt = engine.client().timekeeper().nanos();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public FencingToken token() {
    return token;
  }

  @Override
  public LeaseState state() {
    LeaseState now = life.now();
    if (!LeaseStateMachine.isOver(now) && limit.isOver()) {
      return LeaseState.EXPIRED_HOLD;
    }
    return now == LeaseState.HELD && !standing.handle().isSafe() ? LeaseState.SUSPECT : now;
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

  @Override
  public FencedTransaction fenced() {
    return new FencedTransaction(engine, this, standing);
  }

  /** The nodes it stands on. */
  Standing standing() {
    return standing;
  }

  /** Whether it stands alone in the queue of a lock. */
  boolean isExclusiveOf(String lock) {
    Place first = standing.places().get(0);
    return standing.places().size() == 1
        && first.queue().name().equals(lock)
        && first.entry().mode() == QueueEntry.EXCLUSIVE;
  }

  /** Lets readers in; they come as soon as that is written. */
  void downgrade() {
    if (LeaseStateMachine.isOver(state())) {
      throw new LockLostException(this + ": cannot be downgraded");
    }
    engine.client().loop().execute(hold::downgrade);
  }

  /** Calls an engine, on the loop, if the lease is lost or held too long. One engine at most. */
  void whenOver(Runnable listener) {
    whenOver = listener;
  }

  /** Calls an engine, on the loop, if an operator asks for the lock back. One engine at most. */
  void whenRevokeAsked(Consumer<String> listener) {
    whenRevokeAsked = listener;
  }

  void onRevokeAsked(String reason) {
    whenRevokeAsked.accept(reason);
    news.tellRevoked(reason);
  }

  @Override
  public CompletableFuture<Void> released() {
    return news.gone();
  }

  void toSuspect() {
    if (life.toSuspect()) {
      observers.onSuspect(token);
    }
  }

  void toHeld() {
    life.toHeld();
  }

  void toLost(String reason) {
    if (life.toLost()) {
      limit.cancel();
      engine.meters().onLost();
      observers.onLost(token, reason);
      whenOver.run();
      news.tellLost(this);
      news.tellGone();
    }
  }

  @Override
  public void close() {
    if (toReleased()) {
      engine.client().loop().execute(this::giveUp);
    }
  }

  /** The same on the loop: the delete goes out before anything that is asked for later. */
  void closeHere() {
    if (toReleased()) {
      giveUp();
    }
  }

  /** Releases it because it was held too long. On the loop. */
  void expire() {
    if (life.toExpired()) {
      engine.meters().onLost();
      observers.onLost(token, limit.reason());
      whenOver.run();
      news.tellLost(this);
      giveUp();
    }
  }

  private boolean toReleased() {
    boolean first = life.toReleased();
    if (first) {
      limit.cancel();
      long held = engine.client().timekeeper().nanos() - grantedAt;
      engine.meters().onReleased(held);
      observers.onReleased(token, held);
    }
    return first;
  }

  private void giveUp() {
    hold.release().thenRun(news::tellGone);
  }

  @Override
  public String toString() {
    return "lease " + name + " " + token + " " + state();
  }
}
