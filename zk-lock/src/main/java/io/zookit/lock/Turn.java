package io.zookit.lock;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.Answer;
import io.zookit.core.internal.Failures;
import io.zookit.core.internal.ZkPath;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Waits until it is a place's turn in its queue. Lives on the loop.
 *
 * <pre>
 *   LISTING ──nobody ahead──► REACHED
 *    ▲   │ somebody             ▲
 *    │   ▼                      │ the only one ahead is gone: no read, but connected and before the deadline
 *   WATCHING the nearest ───────┘
 *     one of several ahead is gone, or the nearest changed: list again
 * </pre>
 *
 * <p>The requests ahead that conflict are captured by a listing. Later requests come after ours, so the set only shrinks,
 * and when its last one is deleted the turn has come without another look.
 */
final class Turn {

  /** Hears what becomes of the wait, on the loop. */
  interface Listener {

    /** There are conflicting requests ahead; closing the turn in here ends the wait. */
    void onBlocked(List<QueueEntry> ahead);

    /** It is our turn. The last word. */
    void onReached();

    /** The place is not in the queue any more, or the queue is gone. The last word. */
    void onDisplaced();

    /** The queue cannot be read. The last word. */
    void onFailed(ZkException reason);
  }

  private enum Phase {
    LISTING,
    WATCHING,
    ENDED
  }

  /** What it is at; {@code armed} once the server has the watch on the nearest of those ahead. */
  private record State(Phase phase, List<QueueEntry> ahead, boolean armed) {

    static final State LISTING = new State(Phase.LISTING, List.of(), false);
    static final State ENDED = new State(Phase.ENDED, List.of(), false);

    static State watching(List<QueueEntry> ahead) {
      return new State(Phase.WATCHING, ahead, false);
    }

    State toArmed() {
      return new State(phase, ahead, true);
    }

    QueueEntry nearest() {
      return ahead.get(ahead.size() - 1);
    }
  }

  private final LockEngine engine;
  private final LockQueue queue;
  private final Place place;
  private final GrantRule rule;
  private final Listener listener;
  private State state = State.LISTING;
  private @Nullable Subscription watch;

  /** A turn that waits for a listing, which was asked for already or comes by {@link #list}. */
  Turn(LockEngine engine, LockQueue queue, Place place, GrantRule rule, Listener listener) {
    this.engine = engine;
    this.queue = queue;
    this.place = place;
    this.rule = rule;
    this.listener = listener;
  }

  /** Those ahead at the last look. */
  List<QueueEntry> ahead() {
    return state.ahead;
  }

  /** The session is connected again: what was asked before may have been lost. The client puts watches back itself. */
  void onConnected() {
    if (state.phase == Phase.LISTING || (state.phase == Phase.WATCHING && !state.armed)) {
      list();
    }
  }

  /** Looks at the queue. */
  void list() {
    if (state.phase != Phase.ENDED) {
      unwatch();
      state = new State(Phase.LISTING, state.ahead, false);
      State asked = state;
      place.handle().list(queue.path(), listed -> {
        if (state == asked) {
          onListed(listed);
        }
      });
    }
  }

  /** Decides by a listing that contains the place. */
  void onListed(Answer<List<String>> listed) {
    if (state.phase != Phase.LISTING) {
      return;
    }
    if (listed.isOk()) {
      decide(QueueEntry.inOrder(listed.get()));
    } else if (listed.code() == Code.NONODE) {
      close();
      listener.onDisplaced();
    } else if (listed.isAnswered()) {
      close();
      listener.onFailed(Failures.of(listed.code(), queue.path()));
    }
  }

  /** Ends the wait and takes its watch off. */
  void close() {
    unwatch();
    state = State.ENDED;
  }

  private void decide(List<QueueEntry> entries) {
    if (!entries.contains(place.entry())) {
      close();
      listener.onDisplaced();
      return;
    }
    List<QueueEntry> ahead = rule.blockers(place.entry(), entries);
    if (ahead.isEmpty()) {
      reach();
      return;
    }
    listener.onBlocked(ahead);
    if (state.phase != Phase.ENDED) {
      watch(State.watching(ahead));
    }
  }

  private void watch(State watching) {
    state = watching;
    ZkPath nearest = queue.node(watching.nearest());
    watch = engine.watches().watch(nearest, event -> onNearest(watching, event), read -> {
      if (!isWaitingIn(watching)) {
        return;
      }
      if (read.isOk()) {
        state = state.toArmed();
      } else if (read.code() == Code.NONODE) {
        onNearestGone();
      }
    });
  }

  private void onNearest(State watching, WatchedEvent event) {
    if (!isWaitingIn(watching)) {
      return;
    }
    if (event.getType() == EventType.NodeDeleted) {
      onNearestGone();
    } else {
      list();
    }
  }

  private void onNearestGone() {
    watch = null;
    if (state.ahead.size() == 1) {
      reach();
    } else {
      list();
    }
  }

  /** A session that is not surely alive grants nothing; it looks again when it is. */
  private void reach() {
    if (place.handle().isSafe()) {
      state = State.ENDED;
      listener.onReached();
    } else {
      state = State.LISTING;
    }
  }

  private boolean isWaitingIn(State watching) {
    return state.phase == Phase.WATCHING && state.ahead == watching.ahead;
  }

  private void unwatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}
