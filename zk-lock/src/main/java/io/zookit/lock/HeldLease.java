package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import io.zookit.core.internal.SerialLane;
import io.zookit.core.internal.SessionHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A granted lock.
 *
 * <pre>
 *   HELD ◄──► SUSPECT ──► LOST
 *     └──────────┴──────► RELEASED
 * </pre>
 *
 * <p>The session's events move it between HELD, SUSPECT and LOST on the loop; {@code close()} takes it to RELEASED from
 * any thread. Every transition is a compare-and-set, and what follows from it is done by the one who won.
 */
final class HeldLease implements Lease {

  private final LockEngine engine;
  private final String name;
  private final FencingToken token;
  private final SessionHandle handle;
  private final LockObservers observers;
  private final Supplier<CompletableFuture<Void>> release;
  private final SerialLane lane;
  private final long grantedAt;
  private final AtomicReference<LeaseState> state = new AtomicReference<>(LeaseState.HELD);
  private final CompletableFuture<Void> released = new CompletableFuture<>();
  private final List<LossListener> listeners = new CopyOnWriteArrayList<>();

  HeldLease(
      LockEngine engine,
      String name,
      FencingToken token,
      SessionHandle handle,
      LockObservers observers,
      Supplier<CompletableFuture<Void>> release) {
    this.engine = engine;
    this.name = name;
    this.token = token;
    this.handle = handle;
    this.observers = observers;
    this.release = release;
    this.lane = engine.client().lane("lease " + name);
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
    LeaseState now = now();
    return now == LeaseState.HELD && !handle.isSafe() ? LeaseState.SUSPECT : now;
  }

  private LeaseState now() {
    return Objects.requireNonNull(state.get());
  }

  @Override
  public boolean isValid() {
    return state() == LeaseState.HELD;
  }

  @Override
  public Subscription onLost(Consumer<? super Lease> listener) {
    LossListener added = new LossListener(listener);
    listeners.add(added);
    if (now() == LeaseState.LOST) {
      added.tell();
    }
    return () -> {
      added.open.set(false);
      listeners.remove(added);
    };
  }

  @Override
  public CompletableFuture<Void> released() {
    return released.copy();
  }

  void toSuspect() {
    if (state.compareAndSet(LeaseState.HELD, LeaseState.SUSPECT)) {
      observers.onSuspect(token);
    }
  }

  void toHeld() {
    state.compareAndSet(LeaseState.SUSPECT, LeaseState.HELD);
  }

  void toLost(String reason) {
    if (leave(LeaseState.LOST)) {
      engine.meters().onLost();
      observers.onLost(token, reason);
      listeners.forEach(LossListener::tell);
      lane.execute(() -> released.complete(null));
    }
  }

  @Override
  public void close() {
    if (leave(LeaseState.RELEASED)) {
      long held = engine.client().timekeeper().nanos() - grantedAt;
      engine.meters().onReleased(held);
      observers.onReleased(token, held);
      engine
          .client()
          .loop()
          .execute(() -> release.get().thenRun(() -> lane.execute(() -> released.complete(null))));
    }
  }

  /** To a final state, unless it is in one. */
  private boolean leave(LeaseState end) {
    LeaseState before =
        state.getAndUpdate(now -> now == LeaseState.LOST || now == LeaseState.RELEASED ? now : end);
    return before == LeaseState.HELD || before == LeaseState.SUSPECT;
  }

  @Override
  public String toString() {
    return "lease " + name + " " + token + " " + state();
  }

  /** Told at most once, whether the loss or the listener came first. */
  private final class LossListener {
    private final Consumer<? super Lease> listener;
    private final AtomicBoolean open = new AtomicBoolean(true);

    LossListener(Consumer<? super Lease> listener) {
      this.listener = listener;
    }

    void tell() {
      lane.execute(() -> {
        if (open.compareAndSet(true, false)) {
          listener.accept(HeldLease.this);
        }
      });
    }
  }
}
