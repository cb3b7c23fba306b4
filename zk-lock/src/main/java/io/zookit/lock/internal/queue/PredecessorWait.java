package io.zookit.lock.internal.queue;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.rule.GrantDecision;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the turn of a queue node has come. Used on the loop.
 *
 * <pre>
 *   LISTING ──nothing to wait for──► ENDED (reached)
 *    ▲   │ predecessors                 ▲
 *    │   ▼                              │ the only predecessor is gone: no read, but connected and before the deadline
 *   WATCHING ───────────────────────────┘
 *     anything else happens to what is watched: list again
 * </pre>
 *
 * <p>A nearest predecessor of the same session is not watched but followed ({@link LocalSuccession}).
 *
 * <p>The conflicting predecessors are captured by a listing. Later requests come behind this one, so the set only
 * shrinks, and when its last one is deleted the turn has come without another listing.
 */
public final class PredecessorWait implements LocalSuccession.Successor {

  /** Receives the result, on the loop; nothing after {@link #close}. */
  public interface Listener {

    /** There are conflicting predecessors. */
    void onBlocked(int ahead);

    /** The turn has come. Nothing follows. */
    void onReached();

    /** The own node is not in the queue any more, or the queue is gone. Nothing follows. */
    void onRemoved();

    /** The turn will never come. Nothing follows. */
    void onFailed(ZkException reason);
  }

  private enum Phase {
    LISTING,
    WATCHING,
    ENDED
  }

  /**
   * State of the wait.
   *
   * @param watched what the watch was set for: {@code decision} before it shrank
   * @param armed whether the server has the watch
   */
  private record State(Phase phase, GrantDecision decision, GrantDecision watched, boolean armed) {

    State to(Phase next) {
      return new State(next, decision, watched, false);
    }

    State toArmed() {
      return new State(phase, decision, watched, true);
    }

    State toNarrowed(GrantDecision less) {
      return new State(phase, less, watched, armed);
    }
  }

  private final QueueClient queues;
  private final SessionHandle handle;
  private final QueueNodes nodes;
  private final QueueNode node;
  private final Listener listener;
  private final boolean patient;
  private State state = new State(Phase.LISTING, GrantDecision.OVER, GrantDecision.OVER, false);
  private @Nullable Subscription watch;
  private @Nullable Subscription watchBefore;
  private @Nullable ZkPath followed;
  private @Nullable WaitedFor nearestOwner;
  private boolean waited;

  /**
   * Creates a wait that begins with a listing: one that was sent behind the create, or {@link #list}.
   *
   * @param node one of the nodes
   * @param patient whether it may wait; if not, it sets no watch, but still reads the only predecessor
   */
  public PredecessorWait(
      QueueClient queues, QueueNodes nodes, QueueNode node, boolean patient, Listener listener) {
    this.queues = queues;
    this.handle = nodes.handle();
    this.nodes = nodes;
    this.node = node;
    this.listener = listener;
    this.patient = patient;
  }

  /** Returns the node whose turn it waits for. */
  public QueueNode node() {
    return node;
  }

  /** Returns the session of the node. */
  public SessionHandle handle() {
    return handle;
  }

  @Override
  public QueueNodes nodes() {
    return nodes;
  }

  /** Returns whether the turn has come, or never will. */
  public boolean isOver() {
    return state.phase == Phase.ENDED;
  }

  /** Returns whether those behind must be notified of the grant, because they have seen this request wait. */
  public boolean owesNotice() {
    return waited && node.claim().rule().tellsThoseBehind();
  }

  /** Describes what it waited for at the last listing, for people. */
  public String describe() {
    if (state.decision instanceof GrantDecision.ForAll all) {
      return "waiting behind " + all.count() + ", the nearest is " + named(all.nearest());
    } else if (state.decision instanceof GrantDecision.ForNoticeOf notice) {
      return "waiting behind " + named(notice.ahead());
    } else if (state.decision instanceof GrantDecision.ForAnyChange any) {
      return "next, behind " + any.ahead() + " holders";
    }
    return state.decision instanceof GrantDecision.ForMaximum
        ? "the maximum is not known yet"
        : "no answer from ZooKeeper yet";
  }

  private String named(QueueEntry ahead) {
    return nearestOwner == null ? ahead.node() : nearestOwner.toString();
  }

  /** Returns the owner of the nearest predecessor, as last read; empty if it was not, or cannot be read. */
  public Optional<WaitedFor> waitedFor() {
    return Optional.ofNullable(nearestOwner);
  }

  /** The session is connected again: what was asked before may have been lost. The client puts watches back itself. */
  public void onConnected() {
    if (state.phase == Phase.LISTING || (state.phase == Phase.WATCHING && !state.armed)) {
      list();
    }
  }

  /** Looks at the queue. */
  public void list() {
    if (state.phase == Phase.ENDED) {
      return;
    }
    unwatch();
    nearestOwner = null;
    state = state.to(Phase.LISTING);
    State asked = state;
    queues.list(handle, node.queue().path(), listed -> {
      if (state == asked) {
        onListed(listed);
      }
    });
  }

  /** Decides without a listing: the own node was the only one in the queue when it was created. */
  public void onAlone() {
    if (state.phase == Phase.LISTING) {
      decide(List.of(node.entry()));
    }
  }

  /** Decides by a listing, in the order of the queue, that was made behind the place. */
  public void onListed(Answer<List<QueueEntry>> listed) {
    if (state.phase != Phase.LISTING) {
      return;
    }
    if (listed.isOk()) {
      queues.knownQueues().onSeen(node.queue().path(), listed.get().size() == 1);
      decide(listed.get());
    } else if (listed.code() == Code.NONODE) {
      close();
      listener.onRemoved();
    } else if (listed.isAnswered()) {
      close();
      listener.onFailed(KeeperErrors.of(listed.code(), node.queue().path()));
    }
  }

  /** Ends the wait and takes its watch off. */
  public void close() {
    unwatch();
    state = state.to(Phase.ENDED);
  }

  private void decide(List<QueueEntry> entries) {
    if (!node.entry().isIn(entries)) {
      close();
      listener.onRemoved();
      return;
    }
    GrantDecision wait = node.claim().rule().decide(node.entry(), entries);
    state = new State(Phase.LISTING, wait, wait, false);
    if (wait instanceof GrantDecision.Over) {
      reach();
    } else if (wait instanceof GrantDecision.Never never) {
      close();
      listener.onFailed(new ZkException(node.queue() + ": " + never.reason()));
    } else {
      waitFor(wait);
    }
  }

  private void waitFor(GrantDecision wait) {
    waited = true;
    if (wait instanceof GrantDecision.ForMaximum) {
      watchSeveral();
      return; // the maximum makes us look again when it is known
    }
    state = state.to(Phase.WATCHING);
    if (!patient) {
      lookClosely(wait);
      return;
    }
    listener.onBlocked(ahead(wait));
    if (wait instanceof GrantDecision.ForAll all && follows(all)) {
      return;
    }
    watchSeveral();
    if (wait instanceof GrantDecision.ForAll all) {
      watch(wait, all.nearest());
      watchOwnOrLookAhead(all);
    } else if (wait instanceof GrantDecision.ForNoticeOf news) {
      watch(wait, news.ahead());
    } else {
      watchQueue(wait);
    }
  }

  /** Follows the nearest predecessor if it is a request of the same session, whose end is known without a watch. */
  private boolean follows(GrantDecision.ForAll all) {
    ZkPath predecessor = node.queue().node(all.nearest());
    if (!queues.succession().follow(node.path(), predecessor, this)) {
      return false;
    }
    followed = predecessor;
    nearestOwner = queues.succession().ownerOf(predecessor).orElse(null);
    state = state.toArmed();
    return true;
  }

  @Override
  public void onPredecessorEnded(ZkPath predecessor, boolean released) {
    if (state.phase == Phase.WATCHING && predecessor.equals(followed)) {
      if (released) {
        reach(queues.succession().isSafe(handle));
      } else {
        watchSeveral();
        list();
      }
    }
  }

  /** Reads the node of the only predecessor, whose data may say that it does not block. */
  private void lookClosely(GrantDecision wait) {
    if (!(wait instanceof GrantDecision.ForAll all) || all.count() > 1) {
      listener.onBlocked(ahead(wait));
      return;
    }
    QueueEntry only = all.nearest();
    handle.getData(node.queue().node(only), null, read -> {
      if (!isWaitingFor(wait)) {
        return;
      }
      boolean gone = read.code() == Code.NONODE;
      if (gone
          || (read.isOk() && !node.claim().rule().stillBlocks(only, read.get().data()))) {
        reach();
      } else {
        listener.onBlocked(1);
      }
    });
  }

  private static int ahead(GrantDecision wait) {
    if (wait instanceof GrantDecision.ForAll all) {
      return all.count();
    }
    return wait instanceof GrantDecision.ForAnyChange any ? any.ahead() : 1;
  }

  private void watch(GrantDecision wait, QueueEntry entry) {
    watch = queues
        .watches()
        .watch(node.queue().node(entry), event -> onEvent(wait, event), read -> {
          if (!isWaitingFor(wait)) {
            return;
          }
          if (read.isOk() && node.claim().rule().stillBlocks(entry, read.get().data())) {
            state = state.toArmed();
            nearestOwner = OwnerRecord.waitedFor(
                    read.get().data(), read.get().stat().getCtime())
                .orElse(null);
          } else if (read.isOk() || read.code() == Code.NONODE) {
            onGone();
          }
        });
  }

  /** Watches own nodes in several queues: the turn in one may come long before that in another. */
  private void watchSeveral() {
    if (patient && nodes.list().size() > 1) {
      nodes.watchNow();
    }
  }

  /**
   * Prepares a grant without a read. Behind a single predecessor the own nodes are watched: they must exist when it goes.
   * Behind several, a listing proves that.
   */
  private void watchOwnOrLookAhead(GrantDecision.ForAll all) {
    QueueEntry before = all.beforeNearest();
    if (before == null) {
      nodes.watchNow();
    } else if (node.claim().rule().looksAhead()
        && !queues.isHeldBriefly(node.queue().path())) {
      lookAhead(all, before);
    }
  }

  /** Watches the one before the nearest, too, so that only one is left when the nearest goes. */
  private void lookAhead(GrantDecision.ForAll all, QueueEntry before) {
    Runnable changed = () -> {
      if (state.phase == Phase.WATCHING && state.decision == all) {
        narrow(all);
      }
    };
    watchBefore = queues
        .watches()
        .watch(node.queue().node(before), event -> changed.run(), read -> {
          if (read.code() == Code.NONODE) {
            changed.run();
          }
        });
  }

  /** Lists the predecessors that are left while the nearest still holds; its watch stays. */
  private void narrow(GrantDecision.ForAll all) {
    queues.list(handle, node.queue().path(), listed -> {
      if (state.phase != Phase.WATCHING || state.decision != all || !listed.isOk()) {
        return;
      }
      List<QueueEntry> entries = listed.get();
      GrantDecision wait = node.claim().rule().decide(node.entry(), entries);
      if (node.entry().isIn(entries)
          && wait instanceof GrantDecision.ForAll less
          && less.nearest().equals(all.nearest())) {
        state = state.toNarrowed(less);
        watchOwnOrLookAhead(less);
      } else {
        list();
      }
    });
  }

  /** The children watch is set by a listing, which may show that the turn has come. */
  private void watchQueue(GrantDecision wait) {
    watch = queues
        .watches()
        .watchChildren(node.queue().path(), event -> onEvent(wait, event), read -> {
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
    return node.claim().rule().decide(node.entry(), QueueEntry.inOrder(names));
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
    if (state.decision instanceof GrantDecision.ForAll all && all.count() == 1) {
      reach();
    } else {
      list();
    }
  }

  private void reach() {
    reach(handle.isSafe());
  }

  /**
   * A session that is not certainly alive grants nothing: it synchronizes with the leader and lists again. To wait for the
   * next report of a connected session is not enough: it may be suspect for so short a time that none is made.
   */
  private void reach(boolean safe) {
    if (safe) {
      close();
      listener.onReached();
    } else {
      handle.sync(node.queue().path(), synced -> {});
      list();
    }
  }

  private boolean isWaitingFor(GrantDecision wait) {
    return state.phase == Phase.WATCHING && state.watched == wait;
  }

  private void unwatch() {
    if (followed != null) {
      queues.succession().unfollow(followed, this);
      followed = null;
    }
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
