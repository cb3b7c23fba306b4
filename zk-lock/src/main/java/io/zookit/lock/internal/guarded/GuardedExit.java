package io.zookit.lock.internal.guarded;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.LockLostException;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.queue.QueueNode;
import io.zookit.lock.internal.store.KnownState;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a lock with a state: one transaction deletes the own node and replaces the state, so the delete is also
 * the check that the lock was still held. What is not answered is begun again with a reading, which tells what became of
 * it. On the loop.
 */
final class GuardedExit implements GuardedStates.Task {

  private final LockEngine engine;
  private final GuardedStates states;
  private final LockStateNode node;
  private final LeaseHandle lease;
  private final byte @Nullable [] value;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private @Nullable KnownState known;
  private boolean unanswered;

  /**
   * Creates an exit that has not begun.
   *
   * @param known the content of the state node; null if it is not known
   * @param value the new value of the cell; null to keep the present one
   */
  GuardedExit(
      LockEngine engine,
      GuardedStates states,
      LockStateNode node,
      LeaseHandle lease,
      @Nullable KnownState known,
      byte @Nullable [] value) {
    this.engine = engine;
    this.states = states;
    this.node = node;
    this.lease = lease;
    this.known = known;
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
    KnownState replaced = known;
    if (replaced != null && !unanswered) {
      leave(replaced);
    } else {
      handle().getData(node.path(), null, this::onRead);
    }
  }

  private void onRead(Answer<SessionHandle.Node> read) {
    if (!states.has(this) || !read.isAnswered()) {
      return;
    }
    if (!read.isOk() && read.code() != Code.NONODE) {
      abandon(KeeperErrors.of(read.code(), node.path()));
      return;
    }
    try {
      known = KnownState.of(read, LockState.LOCK, node.path());
    } catch (ZkException e) {
      abandon(e);
      return;
    }
    if (unanswered && isWritten(known.state())) {
      end(null);
    } else {
      leave(known);
    }
  }

  /** Returns whether the transaction whose answer was lost was executed: the mark, or the writer of the cell, shows it. */
  private boolean isWritten(LockState state) {
    return value != null && state.isCellBy(lease.token());
  }

  private void leave(KnownState before) {
    LockState left = before.state().withoutHolder(lease.token());
    LockState next = value == null ? left : left.withCell(value, lease.token());
    Op own = Op.delete(ownNode().path().value(), -1);
    Op write = before.replacing(node.path(), next, engine.client().acl(node.path()));
    handle().multi(List.of(own, write), this::onLeft);
  }

  private void onLeft(Answer<List<OpResult>> answered) {
    if (!states.has(this)) {
      return;
    }
    int refused = Multi.refusedAt(answered);
    if (answered.isOk()) {
      end(null);
    } else if (!answered.isAnswered()) {
      unanswered |= answered.sent();
    } else if (answered.code() == Code.NONODE && refused == 0) {
      end(
          unanswered
              ? new ZkUnavailableException(lease + ": the answer was lost; the outcome is unknown")
              : new LockLostException(lease + ": its node is gone; nothing was written"));
    } else if (answered.code() == Code.NONODE) {
      makeFolders();
    } else if (answered.code() == Code.BADVERSION || answered.code() == Code.NODEEXISTS) {
      known = null;
      send();
    } else {
      abandon(KeeperErrors.of(answered.code(), node.path()));
    }
  }

  private void makeFolders() {
    known = null;
    node.folders().ensure(handle(), ready -> {
      if (states.has(this) && ready.isOk()) {
        send();
      } else if (states.has(this) && ready.isAnswered()) {
        abandon(KeeperErrors.of(ready.code(), node.path()));
      }
    });
  }

  /** The state cannot be written; the lock is given up all the same. */
  private void abandon(ZkException reason) {
    states.end(this);
    engine.queues().release(lease.grant().nodes()).thenRun(() -> gone.complete(null));
    written.completeExceptionally(
        unanswered
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
    finish(
        unanswered
            ? new ZkUnavailableException(
                lease + ": the session ended without an answer; the outcome is unknown")
            : new LockLostException(lease + ": the session ended; nothing was written"));
  }
}
