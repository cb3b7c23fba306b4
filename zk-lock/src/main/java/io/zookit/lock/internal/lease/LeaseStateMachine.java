package io.zookit.lock.internal.lease;

import io.zookit.lock.LeaseState;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The states of a lease.
 *
 * <pre>
 *   HELD ◄──► SUSPECT ──► LOST
 *     ├──────────┼──────► RELEASED
 *     └──────────┴──────► EXPIRED_HOLD
 * </pre>
 *
 * <p><i>Threads:</i> any. A transition is won by one caller alone, which performs its effects.
 */
public final class LeaseStateMachine {

  private final AtomicReference<LeaseState> state = new AtomicReference<>(LeaseState.HELD);

  public LeaseState now() {
    return Objects.requireNonNull(state.get());
  }

  public boolean toSuspect() {
    return state.compareAndSet(LeaseState.HELD, LeaseState.SUSPECT);
  }

  public boolean toHeld() {
    return state.compareAndSet(LeaseState.SUSPECT, LeaseState.HELD);
  }

  public boolean toLost() {
    return end(LeaseState.LOST);
  }

  public boolean toReleased() {
    return end(LeaseState.RELEASED);
  }

  public boolean toExpired() {
    return end(LeaseState.EXPIRED_HOLD);
  }

  private boolean end(LeaseState end) {
    return !isOver(state.getAndUpdate(now -> isOver(now) ? now : end));
  }

  /** Returns whether a state is final. */
  public static boolean isOver(LeaseState state) {
    return switch (state) {
      case HELD, SUSPECT -> false;
      case LOST, RELEASED, EXPIRED_HOLD -> true;
    };
  }
}
