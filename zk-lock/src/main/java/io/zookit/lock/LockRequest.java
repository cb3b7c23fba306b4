package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request for one or several locks, from asking to the end of its lease. Lives on the loop.
 *
 * <pre>
 *   Idle ──connected──► Enqueueing ──placed──► Queued ──every turn has come──► Granted ──► Over
 *    ▲                      │                    │
 *    └───── session lost ───┴────────────────────┘
 * </pre>
 *
 * <p>An attempt is bound to one session at a time: what another session made is never its own, so a node of an expired
 * session that is still there is just somebody ahead.
 */
final class LockRequest implements Request {

  /** Where it stands; what is told by a part that belongs to another state is stale. */
  private sealed interface State {}

  private record Asked() implements State {}

  private record Idle() implements State {}

  private record Enqueueing(Enqueue enqueue) implements State {}

  private record Queued(Standing standing) implements State {}

  private record Granted(Standing standing, LeaseHandle lease) implements State {}

  private record Over() implements State {}

  private static final Asked ASKED = new Asked();
  private static final Idle IDLE = new Idle();
  private static final Over OVER = new Over();

  private final LockEngine engine;
  private final String name;
  private final List<Claim> claims;
  private final LockOptions options;
  private final boolean waits;
  private final long askedAt;
  private final CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
  private final Runnable lookAgain = this::lookAgain;
  private OwnerRecord record;
  private State state = ASKED;
  private @Nullable Subscription search;
  private @Nullable Subscription reserved;

  /**
   * An attempt that is not begun.
   *
   * @param name of what is asked for, for people
   * @param waits whether it queues behind others, or ends empty when there are any
   */
  LockRequest(
      LockEngine engine, String name, List<Claim> claims, LockOptions options, boolean waits) {
    this.engine = engine;
    this.name = name;
    this.claims = claims;
    this.options = options;
    this.waits = waits;
    this.record = options.record(engine.owner());
    this.askedAt = engine.client().timekeeper().nanos();
    engine.meters().onAsked();
  }

  @Override
  public void start() {
    if (state == ASKED) { // who was given up before stays so
      engine.begin(this);
    }
  }

  @Override
  public CompletableFuture<Optional<Lease>> outcome() {
    return outcome;
  }

  @Override
  public String describe() {
    if (state instanceof Queued queued) {
      return queued.standing.describe();
    }
    return engine.isConnected() ? "no answer from ZooKeeper yet" : "not connected to ZooKeeper";
  }

  /** Takes up what it needs besides its nodes. */
  void begin() {
    state = IDLE;
    claims.forEach(claim -> claim.rule().use(lookAgain));
    if (options.deadlockAfter() != null && waits) {
      search = DeadlockSearch.every(options.deadlockAfter(), engine, this);
    }
  }

  void onConnected(SessionHandle handle) {
    if (state == IDLE) {
      enqueue(handle);
    } else if (state instanceof Queued queued) {
      queued.standing.onConnected();
    }
  }

  void onSuspect(SessionHandle handle) {
    if (state instanceof Granted granted && granted.standing.handle() == handle) {
      granted.lease.toSuspect();
    }
  }

  void onLost(SessionHandle handle) {
    if (state instanceof Granted granted) {
      if (granted.standing.handle() == handle) {
        lose(granted, "the session ended");
      }
    } else if (state != OVER) {
      leave();
      state = IDLE;
      if (!waits) {
        fail(new ZkUnavailableException(this + ": the session ended; nothing is left behind"));
      }
    }
  }

  /** Told of the nodes this session owns, after a reconnect. */
  void onVerified(SessionHandle handle, Set<ZkPath> mine) {
    if (state instanceof Enqueueing enqueueing && enqueueing.enqueue.handle() == handle) {
      enqueueing.enqueue.onVerified(mine);
    } else if (state instanceof Granted granted && granted.standing.handle() == handle) {
      if (granted.standing.isWithin(mine)) {
        granted.lease.toHeld();
      } else {
        lose(granted, "its node was removed");
      }
    }
  }

  @Override
  public void giveUp(ZkException reason) {
    if (state instanceof Granted granted) {
      granted.lease.closeHere();
    } else if (state != OVER) {
      fail(reason);
    }
  }

  @Override
  public void giveUpUnlessGranted(Supplier<ZkException> reason) {
    if (!(state instanceof Granted) && state != OVER) {
      fail(reason.get());
    }
  }

  @Override
  public void giveUpBusy() {
    if (state != OVER) { // who was given up while he looked stays so
      toOver();
      engine.meters().onGivenUp();
      outcome.complete(Optional.empty());
    }
  }

  /** The turns it waits for; none when it does not wait in a queue. */
  List<PredecessorWait> waitsFor() {
    return state instanceof Queued queued ? queued.standing.open() : List.of();
  }

  /** Writes into the nodes a party holds what the party waits for. */
  void publishWait(String party, String node) {
    if (state instanceof Granted granted
        && party.equals(record.party())
        && !node.equals(record.waitsFor())) {
      record = record.withWaitsFor(node);
      granted.standing.write(record);
    }
  }

  @Nullable
  String party() {
    return options.party();
  }

  private void enqueue(SessionHandle handle) {
    try {
      reserved = engine.reserve(claims);
    } catch (ZkException e) {
      fail(e);
      return;
    }
    EnqueueEnd end = new EnqueueEnd();
    end.enqueueing = new Enqueueing(Enqueue.prepare(engine, handle, claims, record.encoded(), end));
    state = end.enqueueing;
    end.enqueueing.enqueue.send();
  }

  private void grant(Standing standing) {
    FencingToken token;
    try {
      token = engine.client().token(standing.places().get(0).czxid(), 0);
    } catch (ZkException e) {
      fail(e);
      return;
    }
    HoldLimit limit = HoldLimit.of(options.holdAtMost(), engine.client());
    LeaseHandle lease =
        new LeaseHandle(engine, name, token, standing, options.observers(), limit, new Hold());
    state = new Granted(standing, lease);
    limit.whenOver(engine.client(), lease::expire);
    stopSearch();
    if (standing.owesNews()) {
      record = record.toGranted();
      standing.write(record);
    }
    long waited = engine.client().timekeeper().nanos() - askedAt;
    engine.meters().onGranted(waited);
    options.observers().onGranted(token, waited);
    outcome.complete(Optional.of(lease));
  }

  /** A maximum changed. */
  private void lookAgain() {
    if (state instanceof Queued queued) {
      queued.standing.lookAgain();
    }
  }

  private void lose(Granted granted, String reason) {
    toOver();
    granted.lease.toLost(reason);
  }

  /** Takes back what is or may be in ZooKeeper. */
  private CompletableFuture<Void> leave() {
    CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);
    if (state instanceof Enqueueing enqueueing) {
      enqueueing.enqueue.close();
    } else if (state instanceof Queued queued) {
      gone = queued.standing.remove();
    } else if (state instanceof Granted granted) {
      LeaseState end = granted.lease.state();
      boolean closed = end == LeaseState.RELEASED || end == LeaseState.EXPIRED_HOLD;
      gone = (closed ? options.departure() : ReleaseStrategy.PLAIN).leave(granted.standing);
    }
    if (reserved != null) {
      gone.thenRun(reserved::close);
      reserved = null;
    }
    return gone;
  }

  private void fail(ZkException reason) {
    toOver();
    engine.meters().onGivenUp();
    options.observers().onGivenUp(engine.client().timekeeper().nanos() - askedAt);
    outcome.completeExceptionally(reason);
  }

  private CompletableFuture<Void> toOver() {
    CompletableFuture<Void> gone = leave();
    boolean begun = state != ASKED;
    state = OVER;
    stopSearch();
    if (begun) {
      claims.forEach(claim -> claim.rule().leave(lookAgain));
    }
    engine.end(this);
    return gone;
  }

  private void stopSearch() {
    if (search != null) {
      search.close();
      search = null;
    }
  }

  @Override
  public String toString() {
    return "lock " + name;
  }

  private final class EnqueueEnd implements Enqueue.Listener {
    private @Nullable Enqueueing enqueueing;

    @Override
    public void onPlaced(List<Place> places, boolean listing) {
      Standing standing = new Standing(engine, places, waits, new StandingEnd());
      state = new Queued(standing);
      if (!listing) {
        standing.lookAgain();
      }
    }

    @Override
    public void onListed(int claim, Answer<List<String>> names) {
      if (state instanceof Queued queued) {
        queued.standing.onListed(claim, names);
      }
    }

    @Override
    public void onUnsent() {
      leave();
      state = IDLE;
      onUnknown();
    }

    @Override
    public void onUnknown() {
      if (!waits) {
        fail(new ZkUnavailableException(
            LockRequest.this + ": the connection broke; nothing is left behind"));
      }
    }

    @Override
    public void onFailed(ZkException reason) {
      fail(reason);
    }
  }

  private final class StandingEnd implements Standing.Listener {

    @Override
    public void onBlocked(int ahead) {
      if (waits) {
        options.observers().onQueued(ahead);
      } else {
        giveUpBusy();
      }
    }

    @Override
    public void onReached() {
      if (state instanceof Queued queued) {
        grant(queued.standing);
      }
    }

    /** An operator removed a node: the lease is lost, a request goes back to the end of its queues. */
    @Override
    public void onRemoved() {
      if (state instanceof Granted granted) {
        lose(granted, "its node was removed");
      } else if (state instanceof Queued queued && waits) {
        leave();
        enqueue(queued.standing.handle());
      } else {
        fail(new ZkException(LockRequest.this + ": its node was removed"));
      }
    }

    @Override
    public void onFailed(ZkException reason) {
      fail(reason);
    }

    @Override
    public void onData(byte[] data) {
      if (state instanceof Granted granted) {
        OwnerRecord.read(data).map(OwnerRecord::revoke).ifPresent(granted.lease::onRevokeAsked);
      }
    }
  }

  /** What the lease does to the nodes. */
  private final class Hold implements LeaseHandle.Hold {

    @Override
    public CompletableFuture<Void> release() {
      return state instanceof Granted ? toOver() : CompletableFuture.completedFuture(null);
    }

    @Override
    public void downgrade() {
      if (state instanceof Granted granted) {
        record = record.toDowngraded();
        granted.standing.write(record);
      }
    }
  }
}
