package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.Answer;
import io.zookit.core.internal.Failures;
import io.zookit.core.internal.SessionHandle;
import io.zookit.core.internal.ZkPath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * One request for a lock, from asking to the end of its lease. Lives on the loop.
 *
 * <pre>
 *   Idle ──connected──► Creating ──OK──► Queued ──its turn──► Granted ──► Over
 *    ▲ ▲                  │  no answer    ▲  │
 *    │ └──── not made ── Asking ── made ──┘  │
 *    └───────────── session lost ────────────┘
 * </pre>
 *
 * <p>The create and the listing that begins the {@link Turn} go out together; a session's requests are served in order,
 * so the listing shows the own node. An attempt is bound to one session: what another session made is never its own, so
 * a node of an expired session that is still there is just somebody ahead.
 */
final class Attempt {

  /** Where it stands; replies that meet another state than the one they were asked in are stale. */
  private sealed interface State {}

  private record Idle() implements State {}

  private record Creating(SessionHandle handle, String prefix, boolean first) implements State {}

  private record Asking(SessionHandle handle, String prefix) implements State {}

  private record Queued(Place place, Turn turn, SelfWatch self) implements State {}

  private record Granted(Place place, HeldLease lease, SelfWatch self) implements State {}

  private record Over() implements State {}

  private static final Idle IDLE = new Idle();
  private static final Over OVER = new Over();

  private final LockEngine engine;
  private final LockQueue queue;
  private final LockObservers observers;
  private final boolean waits;
  private final long askedAt;
  private final CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
  private State state = IDLE;

  /**
   * An attempt that is not begun.
   *
   * @param waits whether it queues behind others, or ends empty when there are any
   */
  Attempt(LockEngine engine, LockQueue queue, LockObservers observers, boolean waits) {
    this.engine = engine;
    this.queue = queue;
    this.observers = observers;
    this.waits = waits;
    this.askedAt = engine.client().timekeeper().nanos();
    engine.meters().onAsked();
  }

  /** The lease; empty when it does not wait and would have to; or why not. Completed on the loop. */
  CompletableFuture<Optional<Lease>> outcome() {
    return outcome;
  }

  /** Where it stands, for people: in error texts. */
  String describe() {
    if (state instanceof Queued queued && !queued.turn.ahead().isEmpty()) {
      List<QueueEntry> ahead = queued.turn.ahead();
      return "waiting behind " + ahead.size() + ", the nearest is "
          + ahead.get(ahead.size() - 1).node();
    }
    return state == IDLE || state instanceof Asking
        ? "not connected to ZooKeeper"
        : "no answer from ZooKeeper yet";
  }

  void onConnected(SessionHandle handle) {
    if (state == IDLE) {
      create(handle, true);
    } else if (state instanceof Queued queued) {
      queued.turn.onConnected();
    }
  }

  void onSuspect(SessionHandle handle) {
    if (state instanceof Granted granted && granted.place.handle() == handle) {
      granted.lease.toSuspect();
    }
  }

  void onLost(SessionHandle handle) {
    if (state instanceof Granted granted) {
      if (granted.place.handle() == handle) {
        lose(granted, "the session ended");
      }
    } else if (state != OVER) {
      leaveQueue();
      if (waits) {
        state = IDLE;
      } else {
        fail(new ZkUnavailableException(queue + ": the session ended; nothing is left behind"));
      }
    }
  }

  /** Told of the nodes this session owns, after a reconnect. */
  void onVerified(SessionHandle handle, Set<ZkPath> mine) {
    if (state instanceof Asking asking && asking.handle == handle) {
      adopt(asking, mine);
    } else if (state instanceof Granted granted && granted.place.handle() == handle) {
      if (mine.contains(granted.place.node())) {
        granted.lease.toHeld();
      } else {
        lose(granted, "its node was removed");
      }
    }
  }

  /** Ends it: withdraws the request or gives the lease up, whatever it takes. */
  void giveUp(ZkException reason) {
    if (state instanceof Granted granted) {
      granted.lease.close();
    } else if (state != OVER) {
      withdraw();
      fail(reason);
    }
  }

  /** Ends it if it still waits. */
  void giveUpUnlessGranted(Supplier<ZkException> reason) {
    if (!(state instanceof Granted) && state != OVER) {
      giveUp(reason.get());
    }
  }

  /** Ends an attempt that does not wait: somebody else has the lock. */
  void giveUpBusy() {
    withdraw();
    toOver();
    engine.meters().onGivenUp();
    outcome.complete(Optional.empty());
  }

  private void create(SessionHandle handle, boolean first) {
    Creating creating = new Creating(handle, engine.nextAttemptName(QueueEntry.EXCLUSIVE), first);
    state = creating;
    ZkPath asked = queue.path().own(creating.prefix);
    handle.create(
        asked,
        engine.ownerData(),
        engine.client().acl(asked),
        CreateMode.EPHEMERAL_SEQUENTIAL,
        made -> onCreated(creating, made));
    handle.list(queue.path(), listed -> {
      if (state instanceof Queued queued
          && queued.place.entry().node().startsWith(creating.prefix)) {
        queued.turn.onListed(listed);
      }
    });
  }

  private void onCreated(Creating creating, Answer<SessionHandle.Created> made) {
    if (state != creating) {
      withdrawLate(creating, made);
    } else if (made.isOk()) {
      toQueued(creating.handle, made.get().path(), made.get().stat().getCzxid());
    } else if (made.code() == Code.NONODE) {
      queue.folders().ensure(creating.handle, ready -> {
        if (state == creating && !creating.first && ready.isAnswered() && !ready.isOk()) {
          fail(Failures.of(ready.code(), queue.path()));
        }
      });
      create(creating.handle, false);
    } else if (!made.isAnswered()) {
      toUnanswered(creating, made.sent());
    } else {
      fail(Failures.of(made.code(), queue.path()));
    }
  }

  /** The attempt went on or ended before its create was answered. */
  private void withdrawLate(Creating creating, Answer<SessionHandle.Created> made) {
    if (made.isOk()) {
      engine.remove(creating.handle, made.get().path());
    } else if (!made.isAnswered() && made.sent()) {
      engine.removeIfMade(creating.handle, queue.path(), creating.prefix);
    }
  }

  private void toUnanswered(Creating creating, boolean sent) {
    if (waits) {
      state = sent ? new Asking(creating.handle, creating.prefix) : IDLE;
      return;
    }
    if (sent) {
      engine.removeIfMade(creating.handle, queue.path(), creating.prefix);
    }
    fail(new ZkUnavailableException(queue + ": the connection broke; nothing is left behind"));
  }

  /** The answer to a create was lost: the node is there, or it will never be. */
  private void adopt(Asking asking, Set<ZkPath> mine) {
    Optional<ZkPath> made = mine.stream()
        .filter(node -> node.parent().equals(queue.path()) && node.name().startsWith(asking.prefix))
        .findFirst();
    if (made.isEmpty()) {
      create(asking.handle, true);
      return;
    }
    asking.handle.exists(made.get(), null, read -> {
      if (state != asking) {
        return;
      }
      if (read.isOk()) {
        toQueued(asking.handle, made.get(), read.get().getCzxid());
        if (state instanceof Queued queued) {
          queued.turn.list();
        }
      } else if (read.isAnswered()) {
        create(asking.handle, true);
      }
    });
  }

  private void toQueued(SessionHandle handle, ZkPath node, long czxid) {
    QueueEntry entry = QueueEntry.parse(node.name())
        .orElseThrow(
            () -> new IllegalStateException(node + ": a node of ours outside the grammar"));
    if (!entry.isOrdered()) {
      engine.remove(handle, node);
      fail(new ZkException(queue + ": sequence numbers are used up (" + entry.sequence()
          + "); they start again when the queue was empty once"));
      return;
    }
    Place place = new Place(handle, node, entry, czxid);
    Turn turn = new Turn(engine, queue, place, GrantRule.EXCLUSIVE, new TurnListener(place));
    state = new Queued(place, turn, new SelfWatch(engine, place, this::onSelf));
  }

  private void grant(Queued queued) {
    Place place = queued.place;
    FencingToken token;
    try {
      token = engine.client().token(place.czxid(), 0);
    } catch (ZkException e) {
      giveUp(e);
      return;
    }
    HeldLease lease =
        new HeldLease(engine, queue.name(), token, place.handle(), observers, this::release);
    state = new Granted(place, lease, queued.self);
    long waited = engine.client().timekeeper().nanos() - askedAt;
    engine.meters().onGranted(waited);
    observers.onGranted(token, waited);
    outcome.complete(Optional.of(lease));
  }

  /** The own node changed: it is gone, or somebody wrote to it. */
  private void onSelf(EventType what) {
    if (what == EventType.NodeDeleted && state instanceof Granted granted) {
      lose(granted, "its node was removed");
    } else if (what == EventType.NodeDeleted && state instanceof Queued queued) {
      queueAgain(queued.place.handle());
    }
  }

  /** An operator removed our node: back to the end of the queue. */
  private void queueAgain(SessionHandle handle) {
    leaveQueue();
    create(handle, true);
  }

  private CompletableFuture<Void> release() {
    if (!(state instanceof Granted granted)) {
      return CompletableFuture.completedFuture(null);
    }
    granted.self.close();
    toOver();
    CompletableFuture<Void> gone = engine.remove(granted.place.handle(), granted.place.node());
    if (granted.place.entry().isNearExhaustion()) {
      granted.place.handle().delete(queue.path(), -1, renewed -> {});
    }
    return gone;
  }

  private void lose(Granted granted, String reason) {
    granted.self.close();
    toOver();
    granted.lease.toLost(reason);
  }

  /** Takes back what may be in ZooKeeper. The answer to a create that is under way is dealt with when it comes. */
  private void withdraw() {
    if (state instanceof Queued queued) {
      engine.remove(queued.place.handle(), queued.place.node());
    } else if (state instanceof Asking asking) {
      engine.removeIfMade(asking.handle, queue.path(), asking.prefix);
    }
  }

  private void leaveQueue() {
    if (state instanceof Queued queued) {
      queued.turn.close();
      queued.self.close();
    }
  }

  private void fail(ZkException reason) {
    toOver();
    engine.meters().onGivenUp();
    observers.onGivenUp(engine.client().timekeeper().nanos() - askedAt);
    outcome.completeExceptionally(reason);
  }

  private void toOver() {
    leaveQueue();
    state = OVER;
    engine.end(this);
  }

  @Override
  public String toString() {
    return queue.toString();
  }

  /** What the turn tells, as long as the attempt still stands at that place. */
  private final class TurnListener implements Turn.Listener {
    private final Place place;

    TurnListener(Place place) {
      this.place = place;
    }

    @Override
    public void onBlocked(List<QueueEntry> ahead) {
      if (waits) {
        observers.onQueued(ahead.size());
      } else {
        giveUpBusy();
      }
    }

    @Override
    public void onReached() {
      if (state instanceof Queued queued && queued.place == place) {
        grant(queued);
      }
    }

    @Override
    public void onDisplaced() {
      queueAgain(place.handle());
    }

    @Override
    public void onFailed(ZkException reason) {
      giveUp(reason);
    }
  }
}
