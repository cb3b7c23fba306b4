package io.zookit.lock;

import io.zookit.core.ZkException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request that may get its lock from another owner in this process. Lives on the loop. */
final class HandOffRequest implements Request {

  private final HandOffQueues queues;
  private final HandOffQueues.Key key;
  private final Claim claim;
  private final LockObservers observers;
  private final @Nullable Duration holdAtMost;
  private final boolean waits;
  private final long askedAt;
  private final CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
  private @Nullable HandOffQueue queue;

  HandOffRequest(
      HandOffQueues queues,
      HandOffQueues.Key key,
      Claim claim,
      LockObservers observers,
      @Nullable Duration holdAtMost,
      boolean waits) {
    this.queues = queues;
    this.key = key;
    this.claim = claim;
    this.observers = observers;
    this.holdAtMost = holdAtMost;
    this.waits = waits;
    this.askedAt = queues.engine().client().timekeeper().nanos();
    queues.engine().meters().onAsked();
  }

  @Override
  public void start() {
    if (!outcome.isDone()) { // who was given up before stays so
      queues.add(this, key, claim);
    }
  }

  @Override
  public CompletableFuture<Optional<Lease>> outcome() {
    return outcome;
  }

  /** Whether it waits behind others. */
  boolean waits() {
    return waits;
  }

  LockObservers observers() {
    return observers;
  }

  /** The longest that its lease is held; without limit if null. */
  @Nullable
  Duration holdAtMost() {
    return holdAtMost;
  }

  void toWaiting(HandOffQueue in) {
    queue = in;
  }

  @Override
  public String describe() {
    return queue == null ? "not asked yet" : queue.describe(this);
  }

  /** It has the lock. */
  void grant(LocalLease lease) {
    queue = null;
    long waited = queues.engine().client().timekeeper().nanos() - askedAt;
    queues.engine().meters().onGranted(waited);
    observers.onGranted(lease.token(), waited);
    outcome.complete(Optional.of(lease));
  }

  @Override
  public void giveUp(ZkException reason) {
    if (outcome.isDone()) {
      outcome.thenAccept(granted -> granted.ifPresent(Lease::close));
    } else {
      withdraw();
      observers.onGivenUp(queues.engine().client().timekeeper().nanos() - askedAt);
      outcome.completeExceptionally(reason);
    }
  }

  @Override
  public void giveUpUnlessGranted(Supplier<ZkException> reason) {
    if (!outcome.isDone()) {
      giveUp(reason.get());
    }
  }

  @Override
  public void giveUpBusy() {
    if (!outcome.isDone()) { // who was given up while he looked stays so
      withdraw();
      outcome.complete(Optional.empty());
    }
  }

  private void withdraw() {
    queues.engine().meters().onGivenUp();
    HandOffQueue left = queue;
    queue = null;
    if (left != null) {
      left.remove(this);
    }
  }
}
