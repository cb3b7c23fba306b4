package io.zookit.lock;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request for a lock with a state: queues, enters, and hands the lease out. Lives on the loop.
 *
 * <p>The state is read right behind the request, in the same flight. The reading counts when the grant came before its
 * answer, for then it was also served after what granted the lock; if not, it is read again. A lock that is lost on the
 * way in is asked for again.
 */
final class GuardedRequest implements Request {

  private final LockEngine engine;
  private final GuardedStates states;
  private final Guard guard;
  private final LockStateNode node;
  private final Claim claim;
  private final LockOptions options;
  private final boolean waits;
  private final CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
  private @Nullable Round round;
  private @Nullable Subscription delay;

  GuardedRequest(
      LockEngine engine,
      GuardedStates states,
      Guard guard,
      LockStateNode node,
      Claim claim,
      LockOptions options,
      boolean waits) {
    this.engine = engine;
    this.states = states;
    this.guard = guard;
    this.node = node;
    this.claim = claim;
    this.options = options;
    this.waits = waits;
  }

  @Override
  public void start() {
    if (!outcome.isDone()) { // who was given up before stays so
      round = new Round();
      round.begin();
    }
  }

  @Override
  public CompletableFuture<Optional<Lease>> outcome() {
    return outcome;
  }

  @Override
  public String describe() {
    if (round == null) {
      return "not asked yet";
    }
    return round.entry == null
        ? round.attempt.describe()
        : "granted, but " + node.path() + " is not read or marked yet";
  }

  @Override
  public void giveUp(ZkException reason) {
    if (outcome.isDone()) {
      outcome.thenAccept(granted -> granted.ifPresent(Lease::close));
      return;
    }
    Round last = round;
    round = null;
    cancelDelay();
    outcome.completeExceptionally(reason);
    if (last != null) {
      last.attempt.giveUp(reason);
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
    outcome.complete(Optional.empty());
  }

  private void cancelDelay() {
    if (delay != null) {
      delay.close();
      delay = null;
    }
  }

  /** One way to the lock, until it is handed out or lost before. */
  private final class Round implements GuardedEntry.Listener {
    final LockRequest attempt = new LockRequest(
        engine, claim.queue().name(), List.of(claim), options.withDeparture(this::leave), waits);
    private @Nullable GuardedLease lease;
    private @Nullable GuardedEntry entry;
    private @Nullable SessionHandle readingIn;

    void begin() {
      attempt.start();
      engine.connected().ifPresent(handle -> {
        readingIn = handle;
        handle.getData(node.path(), null, read -> onEarlyRead(handle, read));
      });
      attempt.outcome().whenComplete((granted, failure) -> {
        if (failure == null) {
          onOutcome(granted);
        } else {
          onFailure(failure);
        }
      });
    }

    private boolean isOver() {
      return round != this;
    }

    private void onOutcome(Optional<Lease> granted) {
      if (isOver()) {
        return;
      }
      if (granted.isPresent()) {
        onGranted((LeaseHandle) granted.get());
      } else {
        outcome.complete(granted);
      }
    }

    private void onFailure(Throwable failure) {
      if (!isOver()) {
        outcome.completeExceptionally(failure);
      }
    }

    private void onGranted(LeaseHandle held) {
      entry = new GuardedEntry(engine, states, guard, node, held, this);
      lease = new GuardedLease(engine, held, entry);
      held.whenOver(this::onLost);
      states.add(entry, readingIn == held.standing().handle());
    }

    private void onEarlyRead(SessionHandle handle, Answer<SessionHandle.Node> read) {
      readingIn = null;
      GuardedEntry entering = entry;
      if (entering != null && entering.handle() == handle) {
        entering.onRead(read); // what was not answered comes again with the reconnect
      }
    }

    @Override
    public void onEntered() {
      GuardedLease entered = lease;
      if (isOver() || entered == null) {
        return;
      }
      if (entered.previousOwnerDied() && !guard.lockDelay().isZero()) {
        delay = engine
            .client()
            .timekeeper()
            .after(guard.lockDelay(), () -> engine.client().loop().execute(() -> handOut(entered)));
      } else {
        handOut(entered);
      }
    }

    private void handOut(GuardedLease entered) {
      if (!isOver()) {
        outcome.complete(Optional.of(entered));
      }
    }

    @Override
    public void onLost() {
      if (isOver() || outcome.isDone()) {
        return;
      }
      cancelDelay();
      ZkException lost = new ZkUnavailableException(attempt + ": lost while it was entered");
      attempt.giveUp(lost);
      if (waits) {
        start();
      } else {
        outcome.completeExceptionally(lost);
      }
    }

    @Override
    public void onFailed(ZkException reason) {
      if (!isOver()) {
        giveUp(reason);
      }
    }

    private CompletableFuture<Void> leave(Standing standing) {
      GuardedLease left = lease;
      return left == null ? standing.remove() : left.leave(states, node, standing);
    }
  }
}
