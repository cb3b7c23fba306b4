package io.zookit.lock.internal.request;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.FencedTransaction;
import io.zookit.lock.Lease;
import io.zookit.lock.LeaseState;
import io.zookit.lock.LockLostException;
import io.zookit.lock.internal.lease.HoldLimit;
import io.zookit.lock.internal.lease.LeaseListeners;
import io.zookit.lock.internal.lease.LeaseStateMachine;
import io.zookit.lock.internal.lease.LockObservers;
import io.zookit.lock.internal.queue.QueueNode;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lease on granted queue nodes. Events of the session and of the nodes move it between HELD, SUSPECT and LOST on the
 * loop; {@code close()} moves it to RELEASED on any thread.
 */
public class LeaseHandle implements Lease {

  private final CoreClient client;
  private final LockEngine engine;
  private final LockGrant grant;
  private final LockObservers observers;
  private final LeaseOwner owner;
  private final HoldLimit limit;
  private final LeaseListeners listeners;
  private final long grantedAt;
  private final LeaseStateMachine machine = new LeaseStateMachine();
  private volatile @Nullable Subscription limitTimer;

  public LeaseHandle(LockEngine engine, LockGrant grant, LockOptions options, LeaseOwner owner) {
    this.engine = engine;
    this.client = engine.client();
    this.grant = grant;
    this.observers = options.observers();
    this.owner = owner;
    this.limit = HoldLimit.of(options.holdAtMost(), client.timekeeper());
    this.listeners = new LeaseListeners(client.lane("lease " + grant.request().name()));
    this.grantedAt = client.timekeeper().nanos();
  }

  /** Begins to enforce the limit, once the request knows this lease. On the loop. */
  void start() {
    limitTimer = limit.whenOver(() -> client.loop().execute(this::expire));
  }

  @Override
  public String name() {
    return grant.request().name();
  }

  @Override
  public FencingToken token() {
    return grant.token();
  }

  @Override
  public LeaseState state() {
    LeaseState now = machine.now();
    if (LeaseStateMachine.isOver(now)) {
      return now;
    } else if (limit.isOver()) {
      return LeaseState.EXPIRED_HOLD;
    }
    return now == LeaseState.HELD && !grant.handle().isSafe() ? LeaseState.SUSPECT : now;
  }

  @Override
  public boolean isValid() {
    return state() == LeaseState.HELD;
  }

  @Override
  public Subscription onLost(Consumer<? super Lease> listener) {
    return listeners.onLost(listener);
  }

  @Override
  public Subscription onRevoked(Consumer<? super String> listener) {
    return listeners.onRevoked(listener);
  }

  @Override
  public FencedTransaction fenced() {
    return new LeaseTransaction(engine, this, grant.nodes());
  }

  @Override
  public CompletableFuture<Void> released() {
    return listeners.gone();
  }

  @Override
  public void close() {
    if (toReleased()) {
      client.loop().execute(this::release);
    }
  }

  public LockGrant grant() {
    return grant;
  }

  /** Returns whether it is the only owner of an exclusive node in the queue of a lock, and of no other. */
  public boolean isExclusiveOf(String lock) {
    QueueNode first = grant.nodes().first();
    return owner == LeaseOwner.REQUEST
        && grant.nodes().list().size() == 1
        && first.queue().name().equals(lock)
        && first.entry().mode() == QueueEntry.EXCLUSIVE;
  }

  /** Lets readers in; they follow as soon as that is written. */
  public void downgrade() {
    if (LeaseStateMachine.isOver(state())) {
      throw new LockLostException(this + ": cannot be downgraded");
    }
    client.loop().execute(grant.request()::downgrade);
  }

  // Transitions on the loop

  void toSuspect() {
    if (machine.toSuspect()) {
      observers.onSuspect(token());
    }
  }

  void toHeld() {
    machine.toHeld();
  }

  /**
   * Ends it.
   *
   * @param gone done when its nodes do not exist any more
   */
  void toLost(String reason, CompletableFuture<Void> gone) {
    if (machine.toLost()) {
      cancelLimit();
      observers.onLost(token(), reason);
      owner.onLost(this, reason);
      listeners.tellLost(this);
    } else {
      owner.onLost(
          this, reason); // it was closed, or held too long, but its nodes were not given up yet
    }
    gone.thenRun(listeners::tellGone);
  }

  void onRevokeAsked(String reason) {
    owner.onRevokeAsked(this, reason);
    listeners.tellRevoked(reason);
  }

  /** Closes it within this step, so that the delete is sent before anything that is requested later. */
  public void closeOnLoop() {
    if (toReleased()) {
      release();
    }
  }

  private void expire() {
    if (machine.toExpired()) {
      observers.onLost(token(), limit.reason());
      owner.onExpired(this);
      listeners.tellLost(this);
      release();
    }
  }

  /** Returns the time since the grant, in nanoseconds. */
  long heldNanos() {
    return client.timekeeper().nanos() - grantedAt;
  }

  private boolean toReleased() {
    boolean first = machine.toReleased();
    if (first) {
      cancelLimit();
      observers.onReleased(token(), heldNanos());
    }
    return first;
  }

  private void release() {
    owner.release(this).thenRun(listeners::tellGone);
  }

  private void cancelLimit() {
    Subscription timer = limitTimer;
    if (timer != null) {
      timer.close();
    }
  }

  @Override
  public String toString() {
    return "lease " + name() + " " + token() + " " + state();
  }
}
