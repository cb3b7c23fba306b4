package io.zookit.lock.internal.guarded;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.LockLostException;
import io.zookit.lock.internal.queue.QueueNode;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.VersionedState;
import io.zookit.lock.internal.store.VersionedState.ChangeOutcome;
import io.zookit.lock.internal.store.VersionedState.ChangeRefused;
import io.zookit.lock.internal.store.VersionedState.ChangeUnanswered;
import io.zookit.lock.internal.store.VersionedState.OwnNodeGone;
import io.zookit.lock.internal.store.VersionedState.StateKept;
import io.zookit.lock.internal.store.VersionedState.StateStored;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a lock with a state: one transaction deletes the own node and replaces the state, so the delete is also
 * the check that the lock was still held. What is not answered is begun again, and the state says what became of it. Used on
 * the loop.
 */
final class GuardedExit implements GuardedStates.Task {

  private final LockEngine engine;
  private final GuardedStates states;
  private final LeaseHandle lease;
  private final VersionedState state;
  private final byte @Nullable [] value;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final CompletableFuture<Void> written = new CompletableFuture<>();

  /** True if a transaction may have been executed whose answer was lost. */
  private boolean isUncertain;

  /**
   * Creates an exit that has not begun.
   *
   * @param state the state as far as known
   * @param value the new value of the cell; null to keep the present one
   */
  GuardedExit(
      LockEngine engine,
      GuardedStates states,
      LeaseHandle lease,
      VersionedState state,
      byte @Nullable [] value) {
    this.engine = engine;
    this.states = states;
    this.lease = lease;
    this.state = state;
    this.value = value;
  }

  /** Completed when the own node is certainly gone. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  /** Done when the state was replaced, or fails. */
  CompletableFuture<Void> written() {
    return written;
  }

  @Override
  public SessionHandle handle() {
    return lease.grant().handle();
  }

  private QueueNode ownNode() {
    return lease.grant().nodes().first();
  }

  @Override
  public void send() {
    Op own = Op.delete(ownNode().path().value(), -1);
    state.change(own, this::left, this::onOutcome);
  }

  /** Decides what stays; nothing changes if the writer of the cell shows that a lost transaction was executed. */
  private Optional<LockState> left(LockState present) {
    if (isUncertain && value != null && present.isCellBy(lease.token())) {
      return Optional.empty();
    }
    LockState left = present.withoutHolder(lease.token());
    return Optional.of(value == null ? left : left.withCell(value, lease.token()));
  }

  private void onOutcome(ChangeOutcome outcome) {
    if (outcome instanceof StateStored || outcome instanceof StateKept) {
      end(null);
    } else if (outcome instanceof OwnNodeGone) {
      end(
          isUncertain
              ? new ZkUnavailableException(lease + ": the answer was lost; the outcome is unknown")
              : new LockLostException(lease + ": its node is gone; nothing was written"));
    } else if (outcome instanceof ChangeRefused refused) {
      abandon(refused.reason());
    } else if (outcome instanceof ChangeUnanswered unanswered) {
      isUncertain |= unanswered.replaced() != null; // begins again after the reconnect
    }
  }

  /** The state cannot be written; the lock is given up all the same. */
  private void abandon(ZkException reason) {
    states.end(this);
    engine.queues().release(lease.grant().nodes()).thenRun(() -> gone.complete(null));
    written.completeExceptionally(
        isUncertain
            ? new ZkUnavailableException(
                lease + ": the answer was lost; the outcome is unknown", reason)
            : reason);
  }

  private void end(@Nullable RuntimeException failure) {
    states.end(this);
    engine.queues().renewNumbers(handle(), ownNode());
    finish(failure);
  }

  private void finish(@Nullable RuntimeException failure) {
    gone.complete(null);
    if (failure == null) {
      written.complete(null);
    } else {
      written.completeExceptionally(failure);
    }
  }

  @Override
  public void onOver() {
    state.cancel();
    finish(
        isUncertain
            ? new ZkUnavailableException(
                lease + ": the session ended without an answer; the outcome is unknown")
            : new LockLostException(lease + ": the session ended; nothing was written"));
  }
}
