package io.zookit.lock.internal.guarded;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.request.GrantHandler;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LeaseOwner;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockGrant;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.request.LockRequest;
import io.zookit.lock.internal.request.Request;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockStateNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request for a lock with a state: queues, enters, and hands the lease out. Used on the loop.
 *
 * <p>The state is read right behind the request, in the same flight. The reading counts if the grant came before its
 * answer, since it was then also served after what granted the lock; otherwise the state is read again. A lock that is
 * lost on the way in is requested again.
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
    if (!outcome.isDone()) { // not if it was given up before
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
        ? round.request.describe()
        : "granted, but " + node.path() + " is not read or marked yet";
  }

  @Override
  public Optional<WaitedFor> waitedFor() {
    return round == null ? Optional.empty() : round.request.waitedFor();
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
      last.request.giveUp(reason);
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
    outcome.complete(Optional.empty());
  }

  private void cancelDelay() {
    if (delay != null) {
      delay.close();
      delay = null;
    }
  }

  /** One way to the lock, until it is handed out or lost before. */
  private final class Round implements GrantHandler, LeaseOwner, GuardedEntry.Listener {
    final LockRequest request =
        new LockRequest(engine, claim.queue().name(), List.of(claim), options, waits, this);
    private @Nullable GuardedLease lease;
    private @Nullable GuardedEntry entry;
    private @Nullable SessionHandle readingIn;

    void begin() {
      request.start();
      engine.connected().ifPresent(handle -> {
        readingIn = handle;
        handle.getData(node.path(), null, read -> onEarlyRead(handle, read));
      });
      request.outcome().whenComplete((granted, failure) -> {
        if (isOver()) {
          return;
        }
        if (failure != null) {
          outcome.completeExceptionally(failure);
        } else if (granted.isPresent()) {
          enter();
        } else {
          outcome.complete(granted);
        }
      });
    }

    private boolean isOver() {
      return round != this;
    }

    @Override
    public LeaseHandle onGranted(LockGrant grant) {
      GuardedEntry entering = new GuardedEntry(engine, states, guard, node, grant, this);
      GuardedLease granted = new GuardedLease(engine, grant, options, this, entering);
      entry = entering;
      lease = granted;
      return granted;
    }

    @Override
    public boolean allowsSuccession() {
      return false; // the state that it reads at its entry is written at the exit of the one ahead
    }

    private void enter() {
      GuardedEntry entering = Objects.requireNonNull(entry);
      states.add(entering, readingIn == entering.handle());
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
      ZkException lost = new ZkUnavailableException(request + ": lost while it was entered");
      request.giveUp(lost);
      if (waits) {
        start();
      } else {
        outcome.completeExceptionally(lost);
      }
    }

    @Override
    public void onLost(LeaseHandle lost, String reason) {
      onLost();
    }

    @Override
    public void onExpired(LeaseHandle expired) {
      onLost();
    }

    @Override
    public void onFailed(ZkException reason) {
      if (!isOver()) {
        giveUp(reason);
      }
    }

    @Override
    public CompletableFuture<Void> release(LeaseHandle released) {
      return request.release(nodes -> Objects.requireNonNull(lease).leave(states, nodes));
    }
  }
}
