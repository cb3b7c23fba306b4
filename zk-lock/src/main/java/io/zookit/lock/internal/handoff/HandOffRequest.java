package io.zookit.lock.internal.handoff;

import io.zookit.core.ZkException;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.lease.LockObservers;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.request.Request;
import io.zookit.lock.internal.rule.Claim;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request that may get its lock from another owner in this process. Used on the loop. */
public final class HandOffRequest implements Request {

  private final HandOffQueues queues;
  private final HandOffQueues.Key key;
  private final Claim claim;
  private final LockOptions options;
  private final boolean waits;
  private final long askedAt;
  private final CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
  private @Nullable HandOffQueue queue;

  public HandOffRequest(
      HandOffQueues queues,
      HandOffQueues.Key key,
      Claim claim,
      LockOptions options,
      boolean waits) {
    this.queues = queues;
    this.key = key;
    this.claim = claim;
    this.options = options;
    this.waits = waits;
    this.askedAt = queues.engine().client().timekeeper().nanos();
    options.observers().onRequested();
  }

  @Override
  public void start() {
    if (!outcome.isDone()) { // not if it was given up before
      queues.add(this, key, claim);
    }
  }

  @Override
  public CompletableFuture<Optional<Lease>> outcome() {
    return outcome;
  }

  /** Returns whether it waits behind others. */
  boolean waits() {
    return waits;
  }

  LockOptions options() {
    return options;
  }

  LockObservers observers() {
    return options.observers();
  }

  void toWaiting(HandOffQueue in) {
    queue = in;
  }

  @Override
  public String describe() {
    return queue == null ? "not requested yet" : queue.describe(this);
  }

  @Override
  public Optional<WaitedFor> waitedFor() {
    return queue == null ? Optional.empty() : queue.waitedFor();
  }

  /** Completes it with the lease of the node. */
  void grant(LeaseHandle lease) {
    queue = null;
    observers().onGranted(lease.token(), waited());
    outcome.complete(Optional.of(lease));
  }

  @Override
  public void giveUp(ZkException reason) {
    if (outcome.isDone()) {
      outcome.thenAccept(granted -> granted.ifPresent(Lease::close));
    } else {
      withdraw();
      observers().onGivenUp(waited());
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
  public void completeBusy() {
    if (!outcome.isDone()) { // not if it was given up during the look
      withdraw();
      observers().onBusy();
      outcome.complete(Optional.empty());
    }
  }

  private void withdraw() {
    HandOffQueue left = queue;
    queue = null;
    if (left != null) {
      left.remove(this);
    }
  }

  private long waited() {
    return queues.engine().client().timekeeper().nanos() - askedAt;
  }
}
