package io.zookit.lock;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.request.Failures;
import io.zookit.core.internal.session.Answer;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Waits until it is a place's turn in its queue. Lives on the loop.
 *
 * <pre>
 *   LISTING ──nothing to wait for──► ENDED (reached)
 *    ▲   │ somebody ahead                ▲
 *    │   ▼                               │ the only one ahead is gone: no read, but connected and before the deadline
 *   WATCHING ────────────────────────────┘
 *     anything else happens to what is watched: list again
 * </pre>
 *
 * <p>The requests ahead that conflict are captured by a listing. Later requests come after ours, so the set only shrinks,
 * and when its last one is deleted the turn has come without another look.
 */
final class PredecessorWait {

  /** Hears what becomes of the wait, on the loop. */
  interface Listener {

    /** There are conflicting requests ahead. */
    void onBlocked(int ahead);

    /** It is our turn. The last word. */
    void onReached();

    /** The place is not in the queue any more, or the queue is gone. The last word. */
    void onDisplaced();

    /** It will never be our turn. The last word. */
    void onFailed(ZkException reason);
  }

  private enum Phase {
    LISTING,
    WATCHING,
    ENDED
  }

  /**
   * What it is at.
   *
   * @param watched what the watch was set for, which {@code reason} was before it shrank
   * @param armed whether the server has the watch
   */
  private record State(Phase phase, GrantDecision reason, GrantDecision watched, boolean armed) {

    State to(Phase next) {
      return new State(next, reason, watched, false);
    }

    State toArmed() {
      return new State(phase, reason, watched, true);
    }

    State toNarrowed(GrantDecision less) {
      return new State(phase, less, watched, armed);
    }
  }

  private final LockEngine engine;
  private final Place place;
  private final Listener listener;
  private final boolean patient;
  private State state = new State(Phase.LISTING, GrantDecision.OVER, GrantDecision.OVER, false);
  private @Nullable Subscription watch;
  private @Nullable Subscription watchBefore;
  private boolean waited;

  /**
   * A turn that waits for a listing, which was asked for already or comes by {@link #list}.
   *
   * @param patient whether it may wait; if not, it does not watch, but it still looks closely
   */
  PredecessorWait(LockEngine engine, Place place, boolean patient, Listener listener) {
    this.engine = engine;
    this.place = place;
    this.listener = listener;
    this.patient = patient;
  }

  Place place() {
    return place;
  }

  /** Whether there was anybody to wait for. */
  boolean waited() {
    return waited;
  }

  /** What it waited for at the last look, for people. */
  String describe() {
    if (state.reason instanceof GrantDecision.ForAll all) {
      return "waiting behind " + all.ahead().size() + ", the nearest is "
          + nearest(all).node();
    } else if (state.reason instanceof GrantDecision.ForNewsOf news) {
      return "waiting behind " + news.ahead().node();
    } else if (state.reason instanceof GrantDecision.ForAnyChange any) {
      return "next, behind " + any.ahead() + " holders";
    }
    return state.reason instanceof GrantDecision.ForMaximum
        ? "the maximum is not known yet"
        : "no answer from ZooKeeper yet";
  }

  /** The session is connected again: what was asked before may have been lost. The client puts watches back itself. */
  void onConnected() {
    if (state.phase == Phase.LISTING || (state.phase == Phase.WATCHING && !state.armed)) {
      list();
    }
  }

  /** Looks at the queue. */
  void list() {
    if (state.phase == Phase.ENDED) {
      return;
    }
    unwatch();
    state = state.to(Phase.LISTING);
    State asked = state;
    place.handle().list(place.queue().path(), listed -> {
      if (state == asked) {
        onListed(listed);
      }
    });
  }

  /** Decides by a listing that was made behind the place. */
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
      listener.onFailed(Failures.of(listed.code(), place.queue().path()));
    }
  }

  /** Ends the wait and takes its watch off. */
  void close() {
    unwatch();
    state = state.to(Phase.ENDED);
  }

  private void decide(List<QueueEntry> entries) {
    if (!place.entry().isIn(entries)) {
      close();
      listener.onDisplaced();
      return;
    }
    GrantDecision wait = place.claim().rule().decide(place.entry(), entries);
    state = new State(Phase.LISTING, wait, wait, false);
    if (wait instanceof GrantDecision.Over) {
      reach();
    } else if (wait instanceof GrantDecision.Never never) {
      close();
      listener.onFailed(new ZkException(place.queue() + ": " + never.reason()));
    } else {
      waitFor(wait);
    }
  }

  private void waitFor(GrantDecision wait) {
    waited = true;
    if (wait instanceof GrantDecision.ForMaximum) {
      return; // the maximum makes us look again when it is known
    }
    state = state.to(Phase.WATCHING);
    if (!patient) {
      lookClosely(wait);
      return;
    }
    listener.onBlocked(ahead(wait));
    if (wait instanceof GrantDecision.ForAll all) {
      watch(wait, nearest(all));
      lookAhead(all);
    } else if (wait instanceof GrantDecision.ForNewsOf news) {
      watch(wait, news.ahead());
    } else {
      watchQueue(wait);
    }
  }

  /** What stands in the node of the only one ahead may say that he does not block. */
  private void lookClosely(GrantDecision wait) {
    if (!(wait instanceof GrantDecision.ForAll all) || all.ahead().size() > 1) {
      listener.onBlocked(ahead(wait));
      return;
    }
    QueueEntry only = nearest(all);
    place.handle().getData(place.queue().node(only), null, read -> {
      if (!isWaitingFor(wait)) {
        return;
      }
      boolean gone = read.code() == Code.NONODE;
      if (gone
          || (read.isOk() && !place.claim().rule().stillBlocks(only, read.get().data()))) {
        reach();
      } else {
        listener.onBlocked(1);
      }
    });
  }

  private static int ahead(GrantDecision wait) {
    if (wait instanceof GrantDecision.ForAll all) {
      return all.ahead().size();
    }
    return wait instanceof GrantDecision.ForAnyChange any ? any.ahead() : 1;
  }

  private void watch(GrantDecision wait, QueueEntry entry) {
    watch = engine
        .watches()
        .watch(place.queue().node(entry), event -> onEvent(wait, event), read -> {
          if (!isWaitingFor(wait)) {
            return;
          }
          if (read.isOk() && place.claim().rule().stillBlocks(entry, read.get().data())) {
            state = state.toArmed();
          } else if (read.isOk() || read.code() == Code.NONODE) {
            onGone();
          }
        });
  }

  /** Hears also of the one before the nearest, so that the list is short when the nearest goes. */
  private void lookAhead(GrantDecision.ForAll all) {
    if (!place.claim().rule().looksAhead() || all.ahead().size() < 2) {
      return;
    }
    QueueEntry before = all.ahead().get(all.ahead().size() - 2);
    Runnable changed = () -> {
      if (state.phase == Phase.WATCHING && state.reason == all) {
        narrow(all);
      }
    };
    watchBefore = engine
        .watches()
        .watch(place.queue().node(before), event -> changed.run(), read -> {
          if (read.code() == Code.NONODE) {
            changed.run();
          }
        });
  }

  /** Looks who is left while the nearest still holds; its watch stays. */
  private void narrow(GrantDecision.ForAll all) {
    place.handle().list(place.queue().path(), listed -> {
      if (state.phase != Phase.WATCHING || state.reason != all || !listed.isOk()) {
        return;
      }
      List<QueueEntry> entries = QueueEntry.inOrder(listed.get());
      GrantDecision wait = place.claim().rule().decide(place.entry(), entries);
      if (place.entry().isIn(entries)
          && wait instanceof GrantDecision.ForAll less
          && nearest(less).equals(nearest(all))) {
        state = state.toNarrowed(less);
        lookAhead(less);
      } else {
        list();
      }
    });
  }

  /** The children watch is set by a listing, which may show that the turn has come. */
  private void watchQueue(GrantDecision wait) {
    watch = engine
        .watches()
        .watchChildren(place.queue().path(), event -> onEvent(wait, event), read -> {
          if (!isWaitingFor(wait) || !read.isAnswered()) {
            return;
          }
          state = state.toArmed();
          if (!read.isOk()) {
            list();
          } else if (!wait.equals(again(read.get().names()))) {
            list();
          }
        });
  }

  private GrantDecision again(List<String> names) {
    return place.claim().rule().decide(place.entry(), QueueEntry.inOrder(names));
  }

  private void onEvent(GrantDecision wait, WatchedEvent event) {
    if (!isWaitingFor(wait)) {
      return;
    }
    if (event.getType() == EventType.NodeDeleted) {
      onGone();
    } else {
      list();
    }
  }

  private void onGone() {
    if (state.reason instanceof GrantDecision.ForAll all && all.ahead().size() == 1) {
      reach();
    } else {
      list();
    }
  }

  /**
   * A session that is not surely alive grants nothing: it asks the leader and looks again. To wait until the session is
   * said to be connected is not enough: it may be unsure for so short a time that nobody says so.
   */
  private void reach() {
    if (place.handle().isSafe()) {
      close();
      listener.onReached();
    } else {
      place.handle().sync(place.queue().path(), synced -> {});
      list();
    }
  }

  private boolean isWaitingFor(GrantDecision wait) {
    return state.phase == Phase.WATCHING && state.watched == wait;
  }

  private static QueueEntry nearest(GrantDecision.ForAll all) {
    return all.ahead().get(all.ahead().size() - 1);
  }

  private void unwatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
    if (watchBefore != null) {
      watchBefore.close();
      watchBefore = null;
    }
  }
}
