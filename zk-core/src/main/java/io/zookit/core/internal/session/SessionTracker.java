package io.zookit.core.internal.session;

import io.zookit.core.ClientObserver;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks the sessions of one client: the one in use, and its state.
 *
 * <p>Curator keeps the connection and creates a new ZooKeeper handle when a session is over; this tracker receives each
 * handle ({@link #adopt}) and binds a {@link SessionHandle} to it. From then on it follows the handle's state through
 * the <i>tap</i>: a watch on a node that hardly ever changes ({@code /<root>/~suspect}), which like every watch
 * receives connection events, in order with the replies and watch events of that handle. That works alike for an own
 * Curator client and for a borrowed one, and the client library sets the watch again after a reconnect.
 *
 * <pre>
 *                    adopt, tap set, greeting done
 *   (none) ──────────────────────────────────────────► CONNECTED ◄─────────────┐
 *      ▲                                                 │  │                  │ SyncConnected, greeting done,
 *      │                 Disconnected, or no answer for a│  │                  │ or an answer after a silence
 *      │                 whole timeout                   ▼  │                  │
 *      │  Expired, Closed, another session id         SUSPECT ─────────────────┤
 *      ├──────────────────────────────────────────────────┤                    │
 *      │                  deadline passed, disconnected   ▼                    │
 *      └───────────────────────────────────────────── LAPSED ──────────────────┘
 * </pre>
 *
 * <p>A session that is {@linkplain ConnectionKind#KEPT kept} does not end by Expired or Closed, by which the client library
 * may only give its handle up: the keeper tells whether the session has ended ({@link #ended}), or brings the next handle
 * of the same session ({@link #adopt}).
 *
 * <p>All state is used on the loop, but for the one volatile reference that other threads read.
 */
public final class SessionTracker {

  private static final Logger log = LoggerFactory.getLogger(SessionTracker.class);

  /**
   * The session in use; whether listeners were ever notified that it is connected, and whether that was their last
   * notification; and whether its deadline has passed since, while it was disconnected.
   */
  private record Current(WireHandle handle, boolean known, boolean connected, boolean lapsed) {

    Current toConnected() {
      return new Current(handle, true, true, false);
    }

    Current toSuspect() {
      return new Current(handle, known, false, lapsed);
    }

    Current toLapsed() {
      return new Current(handle, known, false, true);
    }
  }

  private final SessionSource sessions;
  private final SettlingListener deletes;
  private final SerialLane loop;
  private final Timekeeper timekeeper;
  private final ZkPath tap;
  private final String chroot;
  private final SessionGreeting greeting;
  private final ZxidWatermark watermark;
  private final SessionChecks checks;
  private final IntFunction<Duration> retryDelay;
  private final ClientObserver observer;
  private final DroppedSessions dropped;
  private final ConnectionKind kind;
  private final List<SessionListener> listeners = new ArrayList<>();
  private final AtomicReference<@Nullable Current> current = new AtomicReference<>();
  private final ExpectedLoss losses;
  private final DeadlineTimer deadline;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final SessionHeartbeat heartbeat;
  private @Nullable Watcher watcher;
  private boolean retiring;

  /** Attempts in a row to speak to the server that ended without an answer. */
  private int unanswered;

  /**
   * Creates a tracker without a session.
   *
   * @param deletes notified of a reconnect before all other listeners
   * @param retryDelay the delay after a number of attempts without an answer
   */
  public SessionTracker(
      SessionSource sessions,
      SettlingListener deletes,
      String chroot,
      ZxidWatermark watermark,
      DigestAgreement digest,
      SessionChecks checks,
      IntFunction<Duration> retryDelay,
      ClientObserver observer,
      DroppedSessions dropped,
      ConnectionKind kind) {
    this.sessions = sessions;
    this.deletes = deletes;
    this.loop = sessions.loop();
    this.timekeeper = sessions.timekeeper();
    this.losses = new ExpectedLoss(timekeeper, loop);
    this.deadline = new DeadlineTimer(timekeeper, loop, this::onDeadline);
    this.tap = checks.watchedPath();
    this.chroot = chroot;
    this.watermark = watermark;
    this.checks = checks;
    this.retryDelay = retryDelay;
    this.greeting = new SessionGreeting(
        sessions, digest, checks, dropped, this::nextDelay, new GreetingListener());
    this.heartbeat = new SessionHeartbeat(timekeeper, loop, checks, new HeartbeatListener());
    this.observer = observer;
    this.dropped = dropped;
    this.kind = kind;
  }

  /** The session in use, from any thread. */
  @Nullable
  public SessionHandle handle() {
    Current now = current.get();
    return now == null ? null : now.handle;
  }

  /**
   * The library's handle of the session in use, from any thread.
   *
   * @throws ZkUnavailableException if there is none
   */
  public ZooKeeper zooKeeper() {
    Current now = current.get();
    if (now == null) {
      throw new ZkUnavailableException(sessions + ": not connected; nothing was sent");
    }
    return now.handle.zooKeeper();
  }

  /** Tells if listeners were last notified that it is connected, from any thread. */
  public boolean isConnected() {
    Current now = current.get();
    return now != null && now.connected;
  }

  /**
   * Tells if the session in use was disconnected beyond its deadline and is not connected again since, from any thread.
   */
  public boolean isLapsed() {
    Current now = current.get();
    return now != null && now.lapsed;
  }

  /** Adds a listener, and notifies it of a session that is connected. On the loop. */
  public Subscription listen(SessionListener listener) {
    listeners.add(listener);
    Current now = current.get();
    if (now != null && now.connected) {
      listener.onConnected(now.handle);
    }
    return () -> loop.execute(() -> listeners.remove(listener));
  }

  /**
   * Takes note of the library's handle that is connected now: of a new session, or the next one of the session in use. On
   * the loop; harmless when it is the one in use.
   */
  public void adopt(ZooKeeper zooKeeper) {
    Current now = current.get();
    if (now != null && now.handle.isOf(zooKeeper)) {
      return;
    }
    if (now != null && kind == ConnectionKind.KEPT) {
      now.handle.attach(zooKeeper);
      if (now.handle.isOf(zooKeeper)) {
        reattached(now.handle);
        return;
      }
      toLost(now.handle, "the servers gave this client another session");
    } else if (now != null) {
      toLost(now.handle, "Curator made a new connection");
    }
    if (retiring || zooKeeper.getSessionId() == 0) {
      return;
    }
    WireHandle handle =
        new WireHandle(zooKeeper, chroot, loop, timekeeper, watermark, this::cutOff, kind);
    current.set(new Current(handle, false, false, false));
    tap(handle);
  }

  /** The session goes on with another handle of the library, which has no watches and may be behind. */
  private void reattached(WireHandle handle) {
    log.atInfo().addKeyValue("client", sessions).log("attached to the session again");
    losses.heard();
    handle.toConnected();
    deletes.onConnected(handle); // before anything else is sent
    tap(handle);
    handle.reportUnset(); // before anything is sent whose answer could meet an older state
  }

  /**
   * The kept session is over. On the loop.
   *
   * @param byServer whether a server has said so; if not, its nodes are still to be removed
   */
  public void ended(boolean byServer) {
    Current now = current.get();
    if (now != null) {
      WireHandle handle = now.handle;
      toLost(handle, byServer ? "the session expired" : "the session was given up", !byServer);
    }
  }

  /**
   * Sets the tap and begins the checks. Without the tap the state of the connection is unknown, so this is tried until
   * it is set.
   */
  private void tap(WireHandle handle) {
    ZooKeeper tapped = handle.zooKeeper();
    Watcher set = event -> tapped(handle, tapped, event);
    watcher = set;
    losses.heard();
    handle.toConnected();
    handle.syncIfAttached(tap);
    handle.exists(tap, set, answer -> {
      if (answer.isAnswered()) {
        handle.toConnected(); // perhaps to another server than when this was asked
        checks.onWatchedRead(handle, answer);
        greeting.begin(handle);
      } else if (isCurrent(handle)) {
        toSuspect(handle, "no answer");
        timekeeper.after(nextDelay(), () -> loop.execute(() -> retap(handle)));
      }
    });
  }

  /**
   * Completes a future when all that was asked of this session before is answered and everything owed is deleted; not
   * at all while it is not connected. On the loop.
   */
  public void settle(CompletableFuture<Void> settled) {
    Current now = current.get();
    if (now == null) {
      settled.complete(null);
    } else {
      now.handle.exists(tap, null, caughtUp -> {
        if (caughtUp.isAnswered()) {
          deletes.whenSettled(settled);
        }
      });
    }
  }

  /**
   * Ends the session for users: at once, or, if it continues and owns nodes of this client, as soon as they are
   * deleted. On the loop.
   *
   * @param settled whether all nodes of this client are known to be gone
   * @return done when nothing more is received or sent
   */
  public CompletableFuture<Void> close(boolean sessionEnds, boolean settled) {
    log.atInfo().addKeyValue("client", sessions).log("closed");
    retiring = true;
    dropped.stop();
    Current now = current.get();
    if (now != null && now.known && !sessionEnds && !settled) {
      if (now.connected) {
        settleAndEnd();
      }
    } else {
      end(!sessionEnds);
    }
    return ended;
  }

  private void settleAndEnd() {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    settle(settled);
    settled.thenRun(() -> loop.execute(() -> end(true)));
  }

  private void end(boolean sessionLivesOn) {
    heartbeat.stop();
    deadline.stop();
    Current now = current.getAndSet(null);
    if (now != null) {
      now.handle.toOver();
      tell(listener -> listener.onLost(now.handle));
      if (sessionLivesOn) {
        now.handle.forget(tap, Objects.requireNonNull(watcher));
        checks.forget();
      }
    }
    ended.complete(null);
  }

  private void retap(WireHandle handle) {
    if (isCurrent(handle) && !handle.isConnected()) {
      if (!handle.zooKeeper().getState().isAlive()) {
        toLostUnlessKept(handle, "the session is over");
      } else if (handle.isOf(handle.zooKeeper())) {
        tap(handle);
        handle.reportUnset();
      } else {
        ZooKeeper same = handle.zooKeeper();
        toLost(handle, "the server gave this connection another session");
        adopt(same);
      }
    }
  }

  private void tapped(WireHandle handle, ZooKeeper tapped, WatchedEvent event) {
    loop.execute(() -> {
      if (!isCurrent(handle) || handle.zooKeeper() != tapped) {
        log.debug("{}: a session of the past: {}", sessions, event.getState());
      } else if (event.getType() == EventType.None) {
        onState(handle, event.getState());
      } else {
        tap(handle); // the node was written, created or removed, which used the watch up
      }
    });
  }

  private void onState(WireHandle handle, KeeperState state) {
    switch (state) {
      case Disconnected -> toSuspect(handle, "disconnected");
      case SyncConnected -> reconnected(handle);
      case Expired -> toLostUnlessKept(handle, "the session expired");
      case Closed -> toLostUnlessKept(handle, "the connection was closed");
      case AuthFailed -> refused(handle);
      default -> log.debug("{}: {}", sessions, state);
    }
  }

  private void cutOff(WireHandle handle) {
    losses.expect(() -> missed(handle));
  }

  private void missed(WireHandle handle) {
    if (isCurrent(handle) && handle.isConnected()) {
      toSuspect(handle, "disconnected");
    }
  }

  private void reconnected(WireHandle handle) {
    missed(handle);
    losses.heard(); // what a failed attempt has lost says nothing of this connection
    if (!handle.isOf(handle.zooKeeper())) {
      // Some servers hand out a new session on a reconnect, and the client library just takes it.
      ZooKeeper same = handle.zooKeeper();
      toLost(handle, "the server gave this connection another session");
      adopt(same);
    } else {
      handle.toConnected();
      deletes.onConnected(handle); // before anybody else can send anything
      handle.reportUnset();
      greeting.begin(handle);
    }
  }

  private void refused(WireHandle handle) {
    log.atError().addKeyValue("client", sessions).log("ZooKeeper refused the credentials");
    if (!handle.zooKeeper().getState().isAlive()) {
      toLostUnlessKept(handle, "ZooKeeper refused the credentials");
    }
  }

  /** The library's handle has ended. */
  private void toLostUnlessKept(WireHandle handle, String reason) {
    if (kind == ConnectionKind.KEPT) {
      toSuspect(handle, "the client library gave the connection up");
    } else {
      toLost(handle, reason);
    }
  }

  private void toConnected(WireHandle handle) {
    Current before = Objects.requireNonNull(current.get());
    if (before.connected) {
      return; // several answers after a silence greet several times
    }
    current.set(before.toConnected());
    deadline.stop();
    unanswered = 0;
    if (retiring) {
      log.debug("{}: connected once more to delete what is owed", sessions);
    } else if (before.known) {
      log.atInfo().addKeyValue("client", sessions).log("reconnected in the same session");
      observer.onReconnected();
    } else {
      log.atInfo()
          .addKeyValue("client", sessions)
          .log("connected, session timeout {}", handle.timeout());
      observer.onSessionEstablished(handle.timeout());
    }
    handle.forgetUnset(); // the greeting was sent behind them
    tell(listener -> listener.onConnected(handle));
    heartbeat.start(handle);
    if (retiring) {
      settleAndEnd();
    }
  }

  private void toSuspect(WireHandle handle, String reason) {
    losses.heard();
    handle.toDisconnected();
    tellSuspect(handle, reason);
    deadline.start(handle);
  }

  private void onDeadline(WireHandle handle) {
    Current now = current.get();
    if (now != null && now.handle == handle && now.known && !now.lapsed && !retiring) {
      current.set(now.toLapsed());
      log.atWarn()
          .addKeyValue("client", sessions)
          .log("disconnected for a whole session timeout, the session may be over");
      tell(listener -> listener.onDeadline(handle));
    }
  }

  private void tellSuspect(WireHandle handle, String reason) {
    Current now = current.get();
    if (now != null && now.connected) {
      current.set(now.toSuspect());
      if (!retiring) {
        log.atWarn().addKeyValue("client", sessions).log("{}, the session is suspect", reason);
        observer.onSuspect(reason);
      }
      tell(listener -> listener.onSuspect(handle));
    }
  }

  private void toLost(WireHandle handle, String reason) {
    toLost(handle, reason, true);
  }

  /**
   * Ends the session in use.
   *
   * @param maybeAlive whether it may still live at the servers
   */
  private void toLost(WireHandle handle, String reason, boolean maybeAlive) {
    tellSuspect(handle, reason);
    deadline.stop();
    boolean known = Objects.requireNonNull(current.get()).known;
    handle.toOver();
    current.set(null);
    if (known && !retiring) {
      log.atWarn().addKeyValue("client", sessions).log("session lost: {}", reason);
      observer.onSessionLost(reason);
      if (maybeAlive) {
        dropped.add(handle.dropped());
      }
    }
    if (known) {
      tell(listener -> listener.onLost(handle));
    }
    if (retiring) {
      end(false);
    }
  }

  /** Notifies all listeners; one that fails does not affect the others. */
  private void tell(Consumer<SessionListener> what) {
    for (SessionListener listener : new ArrayList<>(listeners)) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        log.error("{}: a session listener failed", sessions, e);
      }
    }
  }

  private Duration nextDelay() {
    return retryDelay.apply(unanswered++);
  }

  /** Shows the state of a session to its greeting. */
  private final class GreetingListener implements SessionGreeting.Listener {

    @Override
    public boolean isInUse(WireHandle handle) {
      return isCurrent(handle) && handle.isConnected();
    }

    @Override
    public boolean isKnown(WireHandle handle) {
      Current now = current.get();
      return now != null && now.handle == handle && now.known;
    }

    @Override
    public boolean isReported(WireHandle handle) {
      return isConnected();
    }

    @Override
    public void onGreeted(WireHandle handle) {
      toConnected(handle);
    }
  }

  private boolean isCurrent(WireHandle handle) {
    Current now = current.get();
    return now != null && now.handle == handle;
  }

  /** Applies what the heartbeat finds to the state of the session. */
  private final class HeartbeatListener implements SessionHeartbeat.Listener {

    @Override
    public boolean isInUse(WireHandle handle) {
      return isCurrent(handle);
    }

    @Override
    public void onSilence(WireHandle handle) {
      tellSuspect(handle, "no answer for a whole session timeout");
    }

    @Override
    public void onAnswered(WireHandle handle) {
      if (!isConnected()) {
        greeting.begin(handle);
      }
    }

    @Override
    public void onUnreportedConnection(WireHandle handle) {
      reconnected(handle);
    }
  }
}
