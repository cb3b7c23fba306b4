package io.zookit.lock.internal.guarded;

import io.zookit.core.ZkException;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockGrant;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import io.zookit.lock.internal.store.VersionedState;
import io.zookit.lock.internal.store.VersionedState.ChangeOutcome;
import io.zookit.lock.internal.store.VersionedState.ChangeRefused;
import io.zookit.lock.internal.store.VersionedState.ChangeUnanswered;
import io.zookit.lock.internal.store.VersionedState.OwnNodeGone;
import io.zookit.lock.internal.store.VersionedState.StateKept;
import io.zookit.lock.internal.store.VersionedState.StateStored;
import java.util.Optional;
import org.apache.zookeeper.Op;

/**
 * The way into a lock with a state: reads it and, if owners leave marks, marks it, on condition that the own node exists. If
 * an answer is lost, it begins again; the mark shows whether it was written. Used on the loop.
 */
final class GuardedEntry implements GuardedStates.Task {

  /** Receives the end of an entry. */
  interface Listener {

    /** The lock may be handed out. */
    void onEntered();

    /** The lock was lost on the way in. */
    void onLost();

    /** The state cannot be used. */
    void onFailed(ZkException reason);
  }

  private final GuardedStates states;
  private final Guard guard;
  private final LockGrant grant;
  private final VersionedState state;
  private final Listener listener;
  private LockState found = LockState.empty(LockState.LOCK);

  GuardedEntry(
      LockEngine engine,
      GuardedStates states,
      Guard guard,
      LockStateNode node,
      LockGrant grant,
      Listener listener) {
    this.states = states;
    this.guard = guard;
    this.grant = grant;
    this.state = new VersionedState(engine.client(), grant.handle(), node, LockState.LOCK);
    this.listener = listener;
  }

  @Override
  public SessionHandle handle() {
    return grant.handle();
  }

  /** The state that the previous owner left; only after the entry. */
  LockState found() {
    return found;
  }

  /** The state as far as known. */
  VersionedState state() {
    return state;
  }

  /** Returns whether the node has a mark of this entry, or may have one. */
  boolean hasMarked() {
    return state.mayBeHeldBy(grant.token());
  }

  @Override
  public void send() {
    state.change(ownNode(), this::marked, this::onOutcome);
  }

  /** Goes on with a reading that was made while the lock was held. */
  void onRead(Answer<SessionHandle.Node> read) {
    if (states.has(this)) {
      state.change(read, ownNode(), this::marked, this::onOutcome);
    }
  }

  private Op ownNode() {
    return Op.check(grant.nodes().first().path().value(), -1);
  }

  /** Decides on the mark of the owner. */
  private Optional<LockState> marked(LockState present) {
    return guard.marks() && !present.isHeldBy(grant.token())
        ? Optional.of(present.withHolder(grant.token()))
        : Optional.empty();
  }

  private void onOutcome(ChangeOutcome outcome) {
    if (outcome instanceof StateStored written) {
      found = written.before();
      end();
      listener.onEntered();
    } else if (outcome instanceof StateKept kept) {
      found = kept.present().isHeldBy(grant.token()) ? found : kept.present();
      end();
      listener.onEntered();
    } else if (outcome instanceof OwnNodeGone) {
      end();
      listener.onLost();
    } else if (outcome instanceof ChangeRefused refused) {
      end();
      listener.onFailed(refused.reason());
    } else if (outcome instanceof ChangeUnanswered unanswered && unanswered.replaced() != null) {
      found = unanswered.replaced(); // what the mark has replaced, if it turns out to be written
    }
  }

  /** Ends it: nothing is reported or sent any more. */
  void end() {
    states.end(this);
    state.cancel();
  }

  @Override
  public void onOver() {
    state.cancel();
    listener.onLost();
  }
}
