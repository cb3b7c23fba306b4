package io.zookit.core.internal.client;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.core.internal.session.SessionSource;
import io.zookit.core.internal.session.SessionTracker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Waits of callers of one client, which end early with the failure of the client: its close, or a refusal of its access
 * policy.
 *
 * <p><i>Threads:</i> any but the loop.
 */
final class ClientWaits {

  private final SessionSource sessions;
  private final SessionTracker tracker;
  private final CompletableFuture<Void> closed;
  private final CompletableFuture<Void> refused;

  /**
   * Creates the waits of a client.
   *
   * @param closed fails when the client is closed
   * @param refused fails when its access policy is refused
   */
  ClientWaits(
      SessionSource sessions,
      SessionTracker tracker,
      CompletableFuture<Void> closed,
      CompletableFuture<Void> refused) {
    this.sessions = sessions;
    this.tracker = tracker;
    this.closed = closed;
    this.refused = refused;
  }

  /** Waits until a session is connected. */
  void awaitConnected(Duration timeout) throws InterruptedException {
    long nanos = Timeouts.nanos(timeout);
    if (tracker.isConnected() && !closed.isDone()) {
      return; // the loop may be busy, and there may be no time to wait for it
    }
    CompletableFuture<SessionHandle> connected = new CompletableFuture<>();
    Subscription waiting = sessions.onSessions(new ConnectedOnce(connected));
    try {
      await(
          connected,
          nanos,
          () -> new ZkTimeoutException(sessions + ": not connected within " + timeout));
    } finally {
      waiting.close();
    }
  }

  /**
   * Waits for an answer.
   *
   * @param nanos the longest wait; zero if negative
   * @param late creates the exception if there is no answer in time
   */
  @SuppressWarnings("unchecked") // the other two only fail
  <T> T await(CompletableFuture<T> answer, long nanos, Supplier<? extends ZkException> late)
      throws InterruptedException {
    CompletableFuture<Object> first = CompletableFuture.anyOf(closed, refused, answer);
    return (T) BlockingCalls.await(first, Duration.ofNanos(Math.max(0, nanos)), late);
  }

  /** Completes a future at the first connect. */
  private record ConnectedOnce(CompletableFuture<SessionHandle> connected)
      implements SessionListener {

    @Override
    public void onConnected(SessionHandle handle) {
      connected.complete(handle);
    }

    @Override
    public void onSuspect(SessionHandle handle) {}

    @Override
    public void onLost(SessionHandle handle) {}
  }
}
