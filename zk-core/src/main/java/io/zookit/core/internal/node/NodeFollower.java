package io.zookit.core.internal.node;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.core.internal.session.SessionSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the data or the children of one node through the sessions of a client: reads, reports what was read, and reads
 * again whenever that may have changed.
 *
 * <pre>
 *                  connected, refresh                     answered
 *   no session ────────────────────────► reading ────────────────────► watching
 *        ▲                                │  ▲ ▲                          │
 *        │                       refused, │  │ └──event, connected,───────┘
 *        │                      no answer ▼  │    refresh
 *   lost, from any state               pausing, each time for longer
 * </pre>
 *
 * <p>It reports the node as it is ({@link Answer#isOk}), that it does not exist ({@code NONODE}), or the code by which a
 * server refuses to show it, one after the other and in the order in which the server had these states. States that were
 * replaced quickly may be left out, the last one never; the same one may be reported again, and is after each connect. An
 * end of the node is reported from its event, everything else from a read.
 *
 * <p>The read sets the watch, so no change falls between the two; on a node that does not exist a second request sets it.
 * An event while a read is under way leads to one more read after it, however many they are. What else may happen to a
 * watch is the concern of {@link NodeWatches}, which shares it, and reads the node every minute or so in case that it is
 * lost. A node that a server refuses to show has no watch: it is read again after a pause.
 *
 * <p>To be notified of the sessions of its client, by its owner or as a listener of the client.
 *
 * <p><i>Threads:</i> created and used on the loop, where it also reports.
 *
 * <p><i>Failure:</i> whatever a listener throws, an {@code Error} too, is logged, and the node is followed on.
 *
 * <p><i>Cost:</i> one read for each connect and each event, one more request while the node does not exist; what {@code
 * NodeWatches} costs.
 *
 * @param <T> what is read: {@link SessionHandle.Node} or {@link SessionHandle.Children}
 */
public final class NodeFollower<T> implements SessionListener, Subscription {

  private static final Logger log = LoggerFactory.getLogger(NodeFollower.class);

  /** Between reads that were refused or not answered. */
  private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** Sends a read that sets a watch. */
  private interface WatchingRead<T> {

    Subscription send(
        NodeWatches watches, ZkPath path, Consumer<WatchedEvent> heard, Consumer<Answer<T>> reply);
  }

  private final Scope scope;
  private final Function<SessionHandle, NodeWatches> tables;
  private final WatchingRead<T> request;
  private final ZkPath path;
  private final Consumer<Answer<T>> listener;
  private Consumer<SessionHandle> before = handle -> {};
  private Supplier<Duration> spread = () -> Duration.ZERO;
  private Supplier<RandomGenerator> random = ThreadLocalRandom::current;
  private @Nullable FollowedSession session;
  private @Nullable Answer<T> latest;

  private NodeFollower(
      Scope scope,
      Function<SessionHandle, NodeWatches> tables,
      WatchingRead<T> request,
      ZkPath path,
      Consumer<Answer<T>> listener) {
    this.scope = scope;
    this.tables = tables;
    this.request = request;
    this.path = path;
    this.listener = listener;
  }

  /**
   * Creates a follower of a node's data that shares its watches.
   *
   * @param owner closes it, too
   * @param tables returns the watches of a session
   * @param listener receives each state; nothing before the first connect, nor after the close
   */
  public static NodeFollower<SessionHandle.Node> ofData(
      Scope owner,
      Function<SessionHandle, NodeWatches> tables,
      ZkPath path,
      Consumer<Answer<SessionHandle.Node>> listener) {
    return new NodeFollower<>(owner.child(), tables, NodeWatches::watch, path, listener);
  }

  /**
   * Creates a follower of the names of a node's children that shares its watches.
   *
   * @param owner closes it, too
   * @param tables returns the watches of a session
   * @param listener receives each state; nothing before the first connect, nor after the close
   */
  public static NodeFollower<SessionHandle.Children> ofChildren(
      Scope owner,
      Function<SessionHandle, NodeWatches> tables,
      ZkPath path,
      Consumer<Answer<SessionHandle.Children>> listener) {
    return new NodeFollower<>(owner.child(), tables, NodeWatches::watchChildren, path, listener);
  }

  /**
   * Creates a follower of a node's data that no other part of the client watches, and whose watch may disappear without a
   * word: it is not read regularly.
   *
   * @param listener receives each state; nothing before the first connect, nor after the close
   */
  public static NodeFollower<SessionHandle.Node> ofUnsharedData(
      SessionSource client, ZkPath path, Consumer<Answer<SessionHandle.Node>> listener) {
    return unshared(client, NodeWatches::watch, path, listener);
  }

  /**
   * Creates a follower of the names of a node's children that no other part of the client watches, and whose watch may
   * disappear without a word: they are not read regularly.
   *
   * @param listener receives each state; nothing before the first connect, nor after the close
   */
  public static NodeFollower<SessionHandle.Children> ofUnsharedChildren(
      SessionSource client, ZkPath path, Consumer<Answer<SessionHandle.Children>> listener) {
    return unshared(client, NodeWatches::watchChildren, path, listener);
  }

  private static <T> NodeFollower<T> unshared(
      SessionSource client, WatchingRead<T> request, ZkPath path, Consumer<Answer<T>> listener) {
    NodeFollower<T> follower = new NodeFollower<>(
        Scope.root(client.loop(), client.timekeeper()),
        handle -> new NodeWatches(handle, client.timekeeper(), client.loop(), Meters.none(), false),
        request,
        path,
        listener);
    follower.random = client::random;
    return follower;
  }

  /**
   * Sets what is sent before each read, so that it is answered first: a {@code sync}, for example.
   *
   * @return this
   */
  public NodeFollower<T> before(Consumer<SessionHandle> requests) {
    before = requests;
    return this;
  }

  /**
   * Sets the time between an event and the read that it leads to, so that many clients that follow one node do not all
   * read it at once. An end of the node is reported at once nevertheless.
   *
   * @param delays called for each event; zero or more
   * @return this
   */
  public NodeFollower<T> spread(Supplier<Duration> delays) {
    spread = delays;
    return this;
  }

  /** The state reported last, unless an event or a new connection has called it into question since. */
  public Optional<Answer<T>> latest() {
    return Optional.ofNullable(latest);
  }

  /** Reads now: the session may be a new one, or its connection. */
  @Override
  public void onConnected(SessionHandle handle) {
    refresh(handle, answered -> {});
  }

  @Override
  public void onSuspect(SessionHandle handle) {}

  @Override
  public void onLost(SessionHandle handle) {
    if (session != null && session.handle == handle) {
      session.end();
    }
  }

  /**
   * Reads now, whatever is under way.
   *
   * @param answered receives whether there was an answer to this read or a later one, after the report; nothing if the
   *     follower is closed before
   */
  public void refresh(SessionHandle handle, Consumer<Boolean> answered) {
    if (!scope.isOpen()) {
      return;
    }
    if (handle.isOver()) {
      answered.accept(false);
      return;
    }
    if (session == null || session.handle != handle) {
      if (session != null) {
        session.end();
      }
      session = new FollowedSession(handle);
    }
    session.askers.add(answered);
    session.read();
  }

  /** Ends it: nothing is reported from now on. Idempotent. */
  @Override
  public void close() {
    session = null;
    latest = null;
    scope.close();
  }

  private void report(Answer<T> state) {
    try {
      listener.accept(state);
    } catch (Throwable e) { // what follows this report must happen in any case
      log.error("{}: a listener failed", path, e);
    }
  }

  @Override
  public String toString() {
    return "follower of " + path;
  }

  /** One session, from its first read to its end. */
  private final class FollowedSession {

    private final SessionHandle handle;
    private final NodeWatches watches;
    private final Scope life = scope.child();
    private List<Consumer<Boolean>> askers = new ArrayList<>();

    /** Open while a read is under way. */
    private @Nullable Scope reading;

    /** The watch that the read under way sets. */
    private @Nullable Subscription coming;

    /** The watch that the last read, or look for a missing node, has set. */
    private @Nullable Subscription watch;

    private @Nullable Subscription pause;
    private boolean changedMeanwhile;
    private int failures;

    FollowedSession(SessionHandle handle) {
      this.handle = handle;
      this.watches = tables.apply(handle);
    }

    /** Reads at once; a read that is under way no longer counts. */
    void read() {
      close(pause);
      pause = null;
      latest = null;
      changedMeanwhile = false;
      close(reading);
      Scope mine = life.child();
      reading = mine;
      try {
        before.accept(handle);
        if (mine.isOpen()) {
          Subscription abandoned = coming;
          coming = life.own(request.send(
              watches, path, this::onEvent, mine.wrap((Answer<T> answer) -> onRead(mine, answer))));
          close(abandoned); // after the new one exists, so that the watch of both is kept
        }
      } catch (Throwable e) {
        log.error("{}: cannot be read, tried again later", path, e);
        mine.close();
        reading = null;
        readLater();
      }
    }

    private void onRead(Scope mine, Answer<T> answer) {
      mine.close();
      reading = null;
      if (handle.isOver()) {
        end();
        return;
      }
      boolean stale = changedMeanwhile;
      Subscription set = coming;
      coming = null;
      if (answer.isOk()) {
        keep(set);
        onState(answer, stale);
      } else {
        close(set);
        onNothingRead(answer, stale);
      }
      if (stale && isIdle()) {
        read();
      }
    }

    private void onNothingRead(Answer<T> answer, boolean stale) {
      if (answer.code() == Code.NONODE) {
        onState(answer, stale);
        watchCreation();
      } else if (answer.isAnswered() && answer.code() != Code.THROTTLEDOP) {
        latest = stale ? null : answer;
        report(answer);
        tellAskers(true);
        readLater();
      } else {
        tellAskers(false);
        readLater();
      }
    }

    private void onState(Answer<T> state, boolean stale) {
      failures = 0;
      latest = stale ? null : state;
      report(state);
      tellAskers(true);
    }

    private void tellAskers(boolean answered) {
      List<Consumer<Boolean>> told = askers;
      askers = new ArrayList<>();
      told.forEach(life.wrap((Consumer<Boolean> asker) -> asker.accept(answered)));
    }

    /** Tells if nothing that was called has ended it or begun another read. */
    private boolean isIdle() {
      return life.isOpen() && reading == null;
    }

    private void watchCreation() {
      if (isIdle()) {
        keep(life.own(watches.watchCreation(path, this::onEvent, life.wrap(this::onLookedFor))));
      }
    }

    private void onLookedFor(Answer<Stat> found) {
      if (reading == null && found.isOk()) {
        read();
      } else if (reading == null && found.code() != Code.NONODE) {
        readLater();
      }
    }

    private void onEvent(WatchedEvent event) {
      if (!life.isOpen()) {
        return;
      }
      latest = null;
      if (reading != null) {
        changedMeanwhile = true;
      } else if (event.getType() == EventType.NodeDeleted) {
        onState(Answer.of(Code.NONODE), false);
        watchCreation();
      } else {
        readAfter(spread.get());
      }
    }

    private void readAfter(Duration delay) {
      if (delay.isZero()) {
        read();
      } else {
        readLater(delay);
      }
    }

    /** Reads after a pause that is longer after each failure. */
    private void readLater() {
      if (isIdle() && pause == null) {
        readLater(PAUSES.delay(failures++, random.get()));
      }
    }

    /** Reads after a pause; if the session is not connected then, its next connect leads to a read. */
    private void readLater(Duration delay) {
      if (isIdle() && pause == null) {
        pause = life.after(delay, () -> {
          pause = null;
          if (handle.isConnected()) {
            read();
          }
        });
      }
    }

    private void keep(@Nullable Subscription newer) {
      close(watch);
      watch = newer;
    }

    void end() {
      session = null;
      latest = null;
      List<Consumer<Boolean>> unanswered = askers;
      askers = new ArrayList<>();
      life.close();
      unanswered.forEach(asker -> asker.accept(false));
    }
  }

  private static void close(@Nullable Subscription subscription) {
    if (subscription != null) {
      subscription.close();
    }
  }
}
