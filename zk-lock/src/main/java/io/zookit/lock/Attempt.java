package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
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
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One request for a lock, from asking to the end of its lease. Lives on the loop.
 *
 * <pre>
 *   Idle ──connected──► Creating ──OK──► Listing ──blocked──► Watching
 *    ▲ ▲                 │    no answer   │    ▲               │   │ the last one it waits for is gone
 *    │ └─── not made ─ Asking ◄───────────┘    └── one of     ─┘   │ (no read), connected, deadline open
 *    │                   │ made ──────────►       several gone     ▼
 *    └── session lost (any but Granted) ─────────────────────── Granted ──► Over
 * </pre>
 *
 * <p>The create and the listing go out together; a session's requests are served in order, so the listing shows the own
 * node. An attempt is bound to one session: what another session made is never its own, so a node of an expired session
 * that is still there is just somebody ahead. The requests ahead that conflict are captured once; later ones come after
 * us, so the set only shrinks.
 */
final class Attempt {

  /** Where it stands; replies and events that meet another state than the one they were asked in are stale. */
  private sealed interface State {}

  /** In the queue, not granted. */
  private sealed interface Queued extends State {
    Place place();
  }

  private record Idle() implements State {}

  private record Creating(SessionHandle handle, String prefix, boolean first) implements State {}

  private record Asking(SessionHandle handle, String prefix) implements State {}

  private record Listing(Place place) implements Queued {}

  private record Watching(Place place, List<QueueEntry> ahead, SelfWatch self) implements Queued {

    QueueEntry nearest() {
      return ahead.get(ahead.size() - 1);
    }
  }

  private record Granted(Place place, HeldLease lease, SelfWatch self) implements State {}

  private record Over() implements State {}

  private static final Idle IDLE = new Idle();
  private static final Over OVER = new Over();

  private final LockEngine engine;
  private final LockQueue queue;
  private final LockObservers observers;
  private final GrantRule rule = GrantRule.EXCLUSIVE;
  private final boolean waits;
  private final long askedAt;
  private final CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
  private State state = IDLE;
  private @Nullable Subscription watch;
  private boolean armed;

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
    if (state instanceof Watching watching) {
      return "waiting behind " + watching.ahead.size() + ", the nearest is "
          + watching.nearest().node();
    }
    return state == IDLE || state instanceof Asking
        ? "not connected to ZooKeeper"
        : "no answer from ZooKeeper yet";
  }

  void onConnected(SessionHandle handle) {
    if (state == IDLE) {
      create(handle, true);
    } else if (state instanceof Listing || (state instanceof Watching && !armed)) {
      list();
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
      endWaiting();
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
    handle.list(queue.path(), listed -> onListed(creating.prefix, listed));
  }

  private void onCreated(Creating creating, Answer<SessionHandle.Created> made) {
    if (state != creating) {
      if (made.isOk()) {
        engine.remove(creating.handle, made.get().path());
      } else if (!made.isAnswered() && made.sent()) {
        engine.removeIfMade(creating.handle, queue.path(), creating.prefix);
      }
    } else if (made.isOk()) {
      toListing(creating.handle, made.get().path(), made.get().stat().getCzxid());
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

  private void toUnanswered(Creating creating, boolean sent) {
    if (!waits) {
      if (sent) {
        engine.removeIfMade(creating.handle, queue.path(), creating.prefix);
      }
      fail(new ZkUnavailableException(queue + ": the connection broke; nothing is left behind"));
    } else {
      state = sent ? new Asking(creating.handle, creating.prefix) : IDLE;
    }
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
        toListing(asking.handle, made.get(), read.get().getCzxid());
        list();
      } else if (read.isAnswered()) {
        create(asking.handle, true);
      }
    });
  }

  private void toListing(SessionHandle handle, ZkPath node, long czxid) {
    QueueEntry entry = QueueEntry.parse(node.name())
        .orElseThrow(
            () -> new IllegalStateException(node + ": a node of ours outside the grammar"));
    Place place = new Place(handle, node, entry, czxid);
    state = new Listing(place);
    if (!entry.isOrdered()) {
      withdraw();
      fail(new ZkException(queue + ": sequence numbers are used up (" + entry.sequence()
          + "); they start again when the queue was empty once"));
    }
  }

  private void list() {
    if (state instanceof Queued queued) {
      Place place = queued.place();
      endWaiting();
      state = new Listing(place);
      place.handle().list(queue.path(), listed -> onListed(place.entry().node(), listed));
    }
  }

  /** Decides by a listing, if it still stands where it was asked. */
  private void onListed(String asked, Answer<List<String>> listed) {
    if (!(state instanceof Listing listing) || !listing.place.entry().node().startsWith(asked)) {
      return;
    }
    if (listed.isOk()) {
      decide(listing.place, QueueEntry.inOrder(listed.get()));
    } else if (listed.code() == Code.NONODE) {
      create(listing.place.handle(), true);
    } else if (listed.isAnswered()) {
      withdraw();
      fail(Failures.of(listed.code(), queue.path()));
    }
  }

  private void decide(Place place, List<QueueEntry> entries) {
    if (!entries.contains(place.entry())) {
      create(place.handle(), true); // an operator removed our node: back to the end of the queue
      return;
    }
    List<QueueEntry> ahead = rule.blockers(place.entry(), entries);
    if (ahead.isEmpty()) {
      grant(place, new SelfWatch(engine, place, this::onSelf));
    } else if (waits) {
      observers.onQueued(ahead.size());
      watch(new Watching(place, ahead, new SelfWatch(engine, place, this::onSelf)));
    } else {
      giveUpBusy();
    }
  }

  private void watch(Watching watching) {
    state = watching;
    armed = false;
    ZkPath nearest = queue.node(watching.nearest());
    watch = engine.watches().watch(nearest, event -> onNearest(watching, event), read -> {
      if (state == watching && read.isOk()) {
        armed = true;
      } else if (state == watching && read.code() == Code.NONODE) {
        onNearestGone(watching);
      }
    });
  }

  private void onNearest(Watching watching, WatchedEvent event) {
    if (state != watching) {
      return;
    }
    if (event.getType() == EventType.NodeDeleted) {
      onNearestGone(watching);
    } else {
      list();
    }
  }

  private void onNearestGone(Watching watching) {
    if (watching.ahead.size() == 1 && watching.place.handle().isSafe()) {
      watch = null;
      grant(watching.place, watching.self);
    } else {
      list();
    }
  }

  private void grant(Place place, SelfWatch self) {
    if (!place.handle().isSafe()) {
      self.close();
      state = new Listing(place); // listed again at the next connect
      return;
    }
    FencingToken token;
    try {
      token = engine.client().token(place.czxid(), 0);
    } catch (ZkException e) {
      self.close();
      withdraw();
      fail(e);
      return;
    }
    HeldLease lease =
        new HeldLease(engine, queue.name(), token, place.handle(), observers, this::release);
    state = new Granted(place, lease, self);
    long waited = engine.client().timekeeper().nanos() - askedAt;
    engine.meters().onGranted(waited);
    observers.onGranted(token, waited);
    outcome.complete(Optional.of(lease));
  }

  /** The own node changed: it is gone, or somebody wrote to it. */
  private void onSelf(EventType what) {
    if (what == EventType.NodeDeleted) {
      if (state instanceof Granted granted) {
        lose(granted, "its node was removed");
      } else if (state instanceof Queued queued) {
        endWaiting();
        create(queued.place().handle(), true);
      }
    }
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
      engine.remove(queued.place().handle(), queued.place().node());
    } else if (state instanceof Asking asking) {
      engine.removeIfMade(asking.handle, queue.path(), asking.prefix);
    }
    endWaiting();
  }

  private void endWaiting() {
    if (state instanceof Watching watching) {
      watching.self.close();
      if (watch != null) {
        watch.close();
        watch = null;
      }
    }
  }

  private void fail(ZkException reason) {
    endWaiting();
    toOver();
    engine.meters().onGivenUp();
    observers.onGivenUp(engine.client().timekeeper().nanos() - askedAt);
    outcome.completeExceptionally(reason);
  }

  private void toOver() {
    state = OVER;
    engine.end(this);
  }

  @Override
  public String toString() {
    return queue.toString();
  }
}
