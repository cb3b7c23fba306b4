package io.zookit.lock.internal.lease;

import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.lock.Lease;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listeners of a lease, notified in order on a lane: of its loss, of a request to give it back, and of the end of its
 * nodes. Without a listener no thread is woken.
 */
public final class LeaseListeners {

  private static final CompletableFuture<Void> GONE = CompletableFuture.completedFuture(null);

  private final SerialLane lane;
  private final OneShotListeners<Lease> losses;
  private final OneShotListeners<String> revocations;
  private final AtomicReference<@Nullable CompletableFuture<Void>> gone = new AtomicReference<>();

  public LeaseListeners(SerialLane lane) {
    this.lane = lane;
    this.losses = new OneShotListeners<>(lane);
    this.revocations = new OneShotListeners<>(lane);
  }

  public Subscription onLost(Consumer<? super Lease> listener) {
    return losses.add(listener);
  }

  public Subscription onRevoked(Consumer<? super String> listener) {
    return revocations.add(listener);
  }

  /** Done when {@link #tellGone} was called; cancelling it changes nothing for others. */
  public CompletableFuture<Void> gone() {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> known = gone.compareAndExchange(null, asked);
    CompletableFuture<Void> told = known == null ? asked : known;
    return told.isDone() ? told.copy() : AsyncResult.of(told, lane);
  }

  public void tellLost(Lease lease) {
    losses.tell(lease);
  }

  public void tellRevoked(String reason) {
    revocations.tell(reason);
  }

  public void tellGone() {
    CompletableFuture<Void> asked = gone.getAndSet(GONE);
    if (asked != null) {
      asked.complete(null);
    }
  }
}
