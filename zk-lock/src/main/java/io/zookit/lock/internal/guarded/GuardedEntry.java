package io.zookit.lock.internal.guarded;

import io.zookit.core.ZkException;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockGrant;
import io.zookit.lock.internal.store.KnownState;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/**
 * The way into a lock with a state: reads it and, if owners leave marks, marks it, in a transaction with a check that the
 * own node exists. If an answer is lost, it begins again with the reading; the mark shows whether it was written. Used on
 * the loop.
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

  private final LockEngine engine;
  private final GuardedStates states;
  private final Guard guard;
  private final LockStateNode node;
  private final LockGrant grant;
  private final Listener listener;
  private @Nullable KnownState found;
  private @Nullable KnownState known;
  private boolean marking;

  GuardedEntry(
      LockEngine engine,
      GuardedStates states,
      Guard guard,
      LockStateNode node,
      LockGrant grant,
      Listener listener) {
    this.engine = engine;
    this.states = states;
    this.guard = guard;
    this.node = node;
    this.grant = grant;
    this.listener = listener;
  }

  @Override
  public SessionHandle handle() {
    return grant.handle();
  }

  /** The state that the previous owner left; only after the entry. */
  LockState found() {
    return found == null ? LockState.empty(LockState.LOCK) : found.state();
  }

  /** The content of the state node as far as known; null while a mark may be under way. */
  @Nullable
  KnownState known() {
    return marking ? null : known;
  }

  /** Returns whether the node has a mark of this entry, or may have one. */
  boolean hasMarked() {
    return marking || (known != null && known.state().isHeldBy(grant.token()));
  }

  @Override
  public void send() {
    handle().getData(node.path(), null, this::onRead);
  }

  /** Goes on with a reading that was made while the lock was held. */
  void onRead(Answer<SessionHandle.Node> read) {
    if (!states.has(this) || !read.isAnswered()) {
      return;
    }
    if (!read.isOk() && read.code() != Code.NONODE) {
      fail(KeeperErrors.of(read.code(), node.path()));
      return;
    }
    try {
      known = KnownState.of(read, LockState.LOCK, node.path());
    } catch (ZkException e) {
      fail(e);
      return;
    }
    marking = false;
    if (!known.state().isHeldBy(grant.token())) {
      found = known;
      if (guard.marks()) {
        mark(known);
        return;
      }
    }
    end();
  }

  private void mark(KnownState before) {
    marking = true;
    LockState marked = before.state().withHolder(grant.token());
    Op own = Op.check(grant.nodes().first().path().value(), -1);
    Op write = before.replacing(node.path(), marked, engine.client().acl(node.path()));
    handle().multi(List.of(own, write), answered -> onMarked(before, marked, answered));
  }

  private void onMarked(KnownState before, LockState marked, Answer<List<OpResult>> answered) {
    if (!states.has(this) || !answered.isAnswered()) {
      return;
    }
    marking = false;
    int refused = Multi.refusedAt(answered);
    if (answered.isOk()) {
      known = before.after(marked);
      end();
    } else if (answered.code() == Code.NONODE && refused == 0) {
      states.end(this);
      listener.onLost();
    } else if (answered.code() == Code.NONODE) {
      node.folders().ensure(handle(), ready -> {
        if (ready.isOk()) {
          send();
        } else if (ready.isAnswered()) {
          fail(KeeperErrors.of(ready.code(), node.path()));
        }
      });
    } else if (answered.code() == Code.BADVERSION || answered.code() == Code.NODEEXISTS) {
      send();
    } else {
      fail(KeeperErrors.of(answered.code(), node.path()));
    }
  }

  private void end() {
    states.end(this);
    listener.onEntered();
  }

  private void fail(ZkException reason) {
    if (states.has(this)) {
      states.end(this);
      listener.onFailed(reason);
    }
  }

  @Override
  public void onOver() {
    listener.onLost();
  }
}
