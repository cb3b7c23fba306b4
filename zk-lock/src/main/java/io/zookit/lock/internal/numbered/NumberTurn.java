package io.zookit.lock.internal.numbered;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.lock.internal.lease.LeaseStateMachine;
import io.zookit.lock.internal.queue.PredecessorWait;
import io.zookit.lock.internal.request.GrantHandler;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LeaseOwner;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockGrant;
import io.zookit.lock.internal.request.LockOptions;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The turn of a request for any number: its place in the queue, first of all that wait. It is kept until the request has a
 * number, so that one which another request was faster to take costs no place. Used on the loop.
 */
final class NumberTurn
    implements GrantHandler, LeaseOwner, SessionListener, PredecessorWait.Listener {

  /** Receives the end of a wait. */
  interface Listener {

    /** A number is free, as far as the last listing shows. */
    void onFree();

    /** The place is lost with its session, was removed, or the client is being closed. */
    void onTurnLost();

    /** The queue cannot be read, or the request can never be granted. */
    void onTurnFailed(ZkException reason);
  }

  private final LockEngine engine;
  private final LockOptions options;
  private final Listener listener;
  private @Nullable LeaseHandle place;
  private @Nullable PredecessorWait wait;
  private @Nullable Subscription sessions;

  /** Creates a turn that has not come. */
  NumberTurn(LockEngine engine, LockOptions options, Listener listener) {
    this.engine = engine;
    this.options = options;
    this.listener = listener;
  }

  @Override
  public LeaseHandle onGranted(LockGrant grant) {
    place = new LeaseHandle(engine, grant, options, this);
    return place;
  }

  /** Returns whether the place is not lost, as far as is known. */
  boolean isKept() {
    return place != null && !LeaseStateMachine.isOver(place.state());
  }

  /** Returns whether the place is held by what is certainly a live session. */
  boolean isValid() {
    return place != null && place.isValid();
  }

  /** Waits until a number is free; begins when the session is connected. */
  void awaitFree() {
    end();
    LockGrant grant = Objects.requireNonNull(place).grant();
    wait = new PredecessorWait(engine.queues(), grant.nodes(), grant.nodes().first(), true, this);
    sessions = engine.client().onSessions(this);
  }

  /** A text about the wait for people; empty if there is none. */
  String describe() {
    return wait == null ? "" : wait.describe();
  }

  /** Leaves the queue. */
  void close() {
    end();
    if (place != null) {
      place.close();
    }
  }

  private void end() {
    if (wait != null) {
      wait.close();
      wait = null;
    }
    if (sessions != null) {
      sessions.close();
      sessions = null;
    }
  }

  // The place

  @Override
  public CompletableFuture<Void> release(LeaseHandle lease) {
    CompletableFuture<Void> gone = LeaseOwner.super.release(lease);
    onRemoved();
    return gone;
  }

  @Override
  public void onLost(LeaseHandle lease, String reason) {
    onRemoved();
  }

  // The session

  @Override
  public void onConnected(SessionHandle handle) {
    if (wait != null && place != null && handle == place.grant().handle()) {
      wait.onConnected();
    }
  }

  @Override
  public void onSuspect(SessionHandle handle) {}

  /** The place is lost by its request. */
  @Override
  public void onLost(SessionHandle handle) {}

  // The wait

  @Override
  public void onBlocked(int ahead) {}

  @Override
  public void onReached() {
    end();
    listener.onFree();
  }

  @Override
  public void onRemoved() {
    if (wait != null) { // not while the request reads or claims, which end by themselves
      end();
      listener.onTurnLost();
    }
  }

  @Override
  public void onFailed(ZkException reason) {
    end();
    listener.onTurnFailed(reason);
  }
}
