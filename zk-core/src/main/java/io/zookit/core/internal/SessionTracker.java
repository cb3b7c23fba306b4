package io.zookit.core.internal;

import io.zookit.core.ClientObserver;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the sessions of one client: which one is in use, and what may be believed of it.
 *
 * <p>Curator keeps the connection and makes a new ZooKeeper handle when a session is over; this tracker is told of each
 * handle ({@link #adopt}) and binds a {@link SessionHandle} to it. From then on it hears of the handle's state through
 * the <i>tap</i>: a watch on a node nobody makes ({@code /<root>/~tap}), which like every watch is told of connection
 * events, in order with the replies and watch events of that handle. That works alike for a Curator client of ours and
 * for a borrowed one, and the client library puts the watch back after a reconnect.
 *
 * <pre>
 *                    adopt, tap set, greeting done
 *   (none) ──────────────────────────────────────────► CONNECTED ◄─────────────┐
 *      ▲                                                 │  │                  │ SyncConnected, greeting done,
 *      │                 Disconnected, or no answer for a│  │                  │ or an answer after a silence
 *      │                 whole timeout                   ▼  │                  │
 *      │  Expired, Closed, another session id         SUSPECT ─────────────────┘
 *      └──────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>All state is used on the loop, but for the one volatile reference that other threads read.
 */
final class SessionTracker {

  private static final Logger log = LoggerFactory.getLogger(SessionTracker.class);

  /** The session in use; whether listeners were ever told that it is connected, and whether they believe it now. */
  private record Current(WireHandle handle, boolean known, boolean connected) {

    Current toConnected() {
      return new Current(handle, true, true);
    }

    Current toSuspect() {
      return new Current(handle, known, false);
    }
  }

  private static final Duration RETAP = Duration.ofMillis(100);

  private final CoreClient client;
  private final SerialLane loop;
  private final Timekeeper timekeeper;
  private final ZkPath tap;
  private final String chroot;
  private final IncarnationKeeper incarnation;
  private final ClientObserver observer;
  private final List<SessionListener> listeners = new ArrayList<>();
  private final AtomicReference<@Nullable Current> current = new AtomicReference<>();
  private @Nullable Subscription timer;
  private boolean closed;

  SessionTracker(
      CoreClient client, String chroot, IncarnationKeeper incarnation, ClientObserver observer) {
    this.client = client;
    this.loop = client.loop();
    this.timekeeper = client.timekeeper();
    this.tap = client.rootPath().own("~tap");
    this.chroot = chroot;
    this.incarnation = incarnation;
    this.observer = observer;
  }

  /** The session in use, from any thread. */
  @Nullable
  SessionHandle handle() {
    Current now = current.get();
    return now == null ? null : now.handle;
  }

  /** Whether listeners believe that it is connected, from any thread. */
  boolean isConnected() {
    Current now = current.get();
    return now != null && now.connected;
  }

  /** Adds a listener; it is told of a session that is connected. On the loop. */
  Subscription listen(SessionListener listener) {
    listeners.add(listener);
    Current now = current.get();
    if (now != null && now.connected) {
      listener.onConnected(now.handle);
    }
    return () -> loop.execute(() -> listeners.remove(listener));
  }

  /** Takes note of the handle Curator uses now. On the loop; harmless when it is the one in use. */
  void adopt(ZooKeeper zooKeeper) {
    Current now = current.get();
    if (closed || (now != null && now.handle.isOf(zooKeeper))) {
      return;
    }
    if (now != null) {
      toLost(now.handle, "Curator made a new connection");
    }
    if (zooKeeper.getSessionId() == 0) {
      return;
    }
    WireHandle handle =
        new WireHandle(zooKeeper, chroot, loop, timekeeper, incarnation.watermark());
    current.set(new Current(handle, false, false));
    handle.toConnected();
    handle.exists(tap, event -> tapped(handle, event), set -> {
      if (set.isAnswered()) {
        greet(handle);
      } else if (isCurrent(handle)) {
        current.set(null);
        handle.toOver();
        timekeeper.after(RETAP, () -> loop.execute(() -> retap(zooKeeper)));
      }
    });
  }

  /** Stops following; the session in use is over for its listeners. On the loop. */
  void close() {
    closed = true;
    if (timer != null) {
      timer.close();
    }
    Current now = current.getAndSet(null);
    if (now != null) {
      now.handle.toOver();
      log.info("{}: closed", client);
      new ArrayList<>(listeners).forEach(listener -> listener.onLost(now.handle));
    }
  }

  private void retap(ZooKeeper zooKeeper) {
    if (current.get() == null && zooKeeper.getState().isAlive()) {
      adopt(zooKeeper);
    }
  }

  private void tapped(WireHandle handle, WatchedEvent event) {
    loop.execute(() -> {
      if (event.getType() != EventType.None) {
        handle.exists(tap, again -> tapped(handle, again), set -> {});
      } else if (isCurrent(handle)) {
        onState(handle, event.getState());
      }
    });
  }

  private void onState(WireHandle handle, KeeperState state) {
    switch (state) {
      case Disconnected -> toSuspect(handle, "disconnected");
      case SyncConnected -> reconnected(handle);
      case Expired -> toLost(handle, "the session expired");
      case Closed -> toLost(handle, "the connection was closed");
      case AuthFailed -> log.error("{}: ZooKeeper refused the credentials", client);
      default -> log.debug("{}: {}", client, state);
    }
  }

  private void reconnected(WireHandle handle) {
    if (!handle.isOf(handle.zooKeeper())) {
      // Some servers hand out a new session on a reconnect, and the client library just takes it.
      ZooKeeper same = handle.zooKeeper();
      toLost(handle, "the server gave this connection another session");
      adopt(same);
    } else if (!handle.isConnected()) {
      handle.toConnected();
      greet(handle);
    }
  }

  private void greet(WireHandle handle) {
    incarnation.check(handle, () -> {
      if (isCurrent(handle) && handle.isConnected()) {
        toConnected(handle);
      }
    });
  }

  private void toConnected(WireHandle handle) {
    Current before = Objects.requireNonNull(current.get());
    current.set(before.toConnected());
    if (before.known) {
      log.info("{}: reconnected in the same session", client);
      observer.onReconnected();
    } else {
      log.info("{}: connected, session timeout {}", client, handle.timeout());
      observer.onSessionEstablished(handle.timeout());
    }
    new ArrayList<>(listeners).forEach(listener -> listener.onConnected(handle));
    schedule(handle);
  }

  private void toSuspect(WireHandle handle, String reason) {
    handle.toDisconnected();
    tellSuspect(handle, reason);
  }

  private void tellSuspect(WireHandle handle, String reason) {
    Current now = current.get();
    if (now != null && now.connected) {
      current.set(now.toSuspect());
      log.warn("{}: {}, the session is suspect", client, reason);
      observer.onSuspect(reason);
      new ArrayList<>(listeners).forEach(listener -> listener.onSuspect(handle));
    }
  }

  private void toLost(WireHandle handle, String reason) {
    tellSuspect(handle, reason);
    boolean known = Objects.requireNonNull(current.get()).known;
    handle.toOver();
    current.set(null);
    if (!known) {
      return;
    }
    log.warn("{}: session lost: {}", client, reason);
    observer.onSessionLost(reason);
    new ArrayList<>(listeners).forEach(listener -> listener.onLost(handle));
  }

  private boolean isCurrent(SessionHandle handle) {
    Current now = current.get();
    return now != null && now.handle == handle;
  }

  /** One heartbeat timer at a time: at most every quarter of the timeout, a read when nothing else was answered. */
  private void schedule(WireHandle handle) {
    if (timer != null) {
      timer.close();
    }
    if (!closed) {
      Duration quarter = handle.timeout().dividedBy(4);
      timer = timekeeper.after(quarter, () -> loop.execute(() -> beat(handle, quarter.toNanos())));
    }
  }

  private void beat(WireHandle handle, long quarter) {
    Current now = current.get();
    if (closed || now == null || now.handle != handle || !handle.isConnected()) {
      return;
    }
    if (handle.remaining() <= 0) {
      tellSuspect(handle, "no answer for a whole session timeout");
    }
    if (handle.isQuietFor(quarter)) {
      handle.exists(tap, null, beat -> {
        if (beat.isAnswered()
            && isCurrent(handle)
            && !Objects.requireNonNull(current.get()).connected) {
          greet(handle);
        }
      });
    }
    schedule(handle);
  }
}
