package io.zookit.group.internal.member;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.Partition;
import io.zookit.group.PartitionState;
import io.zookit.group.PartitionStatus;
import io.zookit.group.PartitionTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A partition of this process, from the request of its claim until it is free and its handler has returned.
 *
 * <pre>
 *   CLAIMING ──► OWNED ──► DRAINING ──► RELEASING ──► FREE        FREE and LOST end when the handler has returned
 *       │          └───────────┴──► LOST
 *       └──► FREE, RELEASING
 * </pre>
 *
 * <p><i>Threads:</i> transitions on the loop; queries from any thread.
 */
final class OwnedPartition implements Partition {

  enum Phase {
    CLAIMING,
    OWNED,
    DRAINING,
    RELEASING,
    FREE,
    LOST
  }

  /**
   * A claim that stands, or stood.
   *
   * @param version of the record, which no other claim has
   */
  record StandingClaim(SessionHandle handle, long czxid, int version, FencingToken token) {}

  /**
   * The state; {@code claim} is present from OWNED on, {@code deadline} while a handover with a limit is under way, {@code since}
   * its begin.
   */
  record State(
      Phase phase, @Nullable StandingClaim claim, @Nullable Long deadline, long since) {}

  private final PartitionOwner owner;
  private final int index;
  private final EphemeralBudget.Reservation reserved;
  private volatile State state = new State(Phase.CLAIMING, null, null, 0);
  private final List<Runnable> listeners = new ArrayList<>();
  private volatile boolean revoked;

  // On the loop.
  HandlerRunner.@Nullable RunningHandler running;

  @Nullable
  Subscription watch;

  int failures;
  private Instant ended = Instant.EPOCH;

  /** True until the handler is called, and when it is to be called again. */
  boolean due = true;

  /** False while listeners of the revocation run. */
  boolean listened = true;

  /** True if the answer to the claim is lost. */
  boolean unanswered;

  /** True while the handler has thrown and waits to be called again. */
  volatile boolean failed;

  OwnedPartition(PartitionOwner owner, int index, EphemeralBudget.Reservation reserved) {
    this.owner = owner;
    this.index = index;
    this.reserved = reserved;
  }

  State state() {
    return state;
  }

  Phase phase() {
    return state.phase;
  }

  /** The claim of one that is or was owned. */
  StandingClaim claim() {
    return Objects.requireNonNull(state.claim, "not claimed");
  }

  /** Tells if its claim stands. */
  boolean isClaimed() {
    Phase now = state.phase;
    return now == Phase.OWNED || now == Phase.DRAINING;
  }

  /** Tells if its claim was sent and the answer is lost. */
  boolean isUnanswered() {
    return state.phase == Phase.CLAIMING && unanswered;
  }

  /** Tells if its claim has ended. */
  boolean isEnded() {
    Phase now = state.phase;
    return now == Phase.FREE || now == Phase.LOST;
  }

  /** Tells if its claim has ended and its handler has not returned. */
  boolean isUnreturned() {
    return isEnded() && running != null;
  }

  /** The time at which its claim ended. */
  Instant ended() {
    return ended;
  }

  // Transitions.

  void toOwned(StandingClaim claim) {
    state = new State(Phase.OWNED, claim, null, 0);
  }

  void toDraining(@Nullable Long deadline, long since) {
    state = new State(Phase.DRAINING, claim(), deadline, since);
  }

  void toReleasing(StandingClaim claim) {
    state = new State(Phase.RELEASING, claim, null, 0);
  }

  void toFree() {
    state = new State(Phase.FREE, state.claim, null, 0);
    endClaim();
  }

  void toLost() {
    state = new State(Phase.LOST, state.claim, null, 0);
    endClaim();
  }

  private void endClaim() {
    ended = owner.client().timekeeper().now();
    reserved.close();
    Subscription watching = watch;
    if (watching != null) {
      watching.close();
    }
  }

  /** Interrupts the handler, if it runs. */
  void interrupt() {
    if (running != null) {
      running.interrupt();
    }
  }

  /** Calls the listeners on an executor, once. Returns false if there are none. */
  boolean revoke(Executor executor, Runnable called) {
    List<Runnable> all;
    synchronized (listeners) {
      if (revoked) {
        return false;
      }
      revoked = true;
      all = List.copyOf(listeners);
      listeners.clear();
    }
    if (all.isEmpty()) {
      return false;
    }
    executor.execute(() -> {
      try {
        all.forEach(Runnable::run);
      } finally {
        called.run();
      }
    });
    return true;
  }

  // Queries, from any thread.

  @Override
  public int index() {
    return index;
  }

  @Override
  public FencingToken token() {
    return claim().token;
  }

  @Override
  public boolean isValid() {
    State now = state;
    StandingClaim claim = now.claim;
    if (claim == null || !(now.phase == Phase.OWNED || now.phase == Phase.DRAINING)) {
      return false;
    }
    Long deadline = now.deadline;
    return claim.handle.isSafe()
        && owner.isVerified()
        && (deadline == null || deadline - owner.now() > 0);
  }

  @Override
  public boolean isRevoked() {
    return revoked;
  }

  @Override
  public Subscription onRevoke(Runnable listener) {
    boolean late;
    synchronized (listeners) {
      late = revoked;
      if (!late) {
        listeners.add(listener);
      }
    }
    if (late) {
      owner.callbacks().execute(listener);
    }
    return () -> {
      synchronized (listeners) {
        listeners.remove(listener);
      }
    };
  }

  PartitionStatus status() {
    State now = state;
    PartitionState shown = switch (now.phase) {
      case CLAIMING -> PartitionState.CLAIMING;
      case OWNED -> failed ? PartitionState.FAILED : PartitionState.OWNED;
      case DRAINING ->
        now.deadline == null && owner.now() - now.since > Handovers.LONG_HANDOVER.toNanos()
            ? PartitionState.STUCK
            : PartitionState.DRAINING;
      case RELEASING -> PartitionState.RELEASING;
      case FREE, LOST -> PartitionState.LOST;
    };
    return new PartitionStatus(
        index, shown, Optional.ofNullable(now.claim).map(StandingClaim::token));
  }

  @Override
  public PartitionTransaction fenced() {
    return new ClaimTransaction(owner, this);
  }

  @Override
  public String toString() {
    return owner + " partition " + index;
  }
}
