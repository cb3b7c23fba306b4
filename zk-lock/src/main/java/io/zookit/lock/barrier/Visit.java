package io.zookit.lock.barrier;

import io.zookit.core.ZkException;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Something that one caller wants of a latch or barrier, from asking to the end. Used on the loop. */
abstract class Visit<T> {

  final Barriers barriers;
  private final CompletableFuture<T> outcome = new CompletableFuture<>();

  Visit(Barriers barriers) {
    this.barriers = barriers;
  }

  /** Completed on the loop. */
  final CompletableFuture<T> outcome() {
    return outcome;
  }

  final boolean isOver() {
    return outcome.isDone();
  }

  /** A session is connected: begin, or go on with what was not answered. */
  abstract void onConnected(SessionHandle handle);

  /** A session is over, with its watches. */
  void onLost(SessionHandle handle) {}

  /** The caller waits no longer, after a timeout, or at once. */
  abstract void giveUp(Duration timeout);

  /** The client is closed. */
  void onClosed(ZkException reason) {
    fail(reason);
  }

  /** Takes watches off. */
  void unwatch() {}

  final void end(T value) {
    barriers.end(this);
    unwatch();
    outcome.complete(value);
  }

  final void fail(RuntimeException reason) {
    barriers.end(this);
    unwatch();
    outcome.completeExceptionally(reason);
  }
}
