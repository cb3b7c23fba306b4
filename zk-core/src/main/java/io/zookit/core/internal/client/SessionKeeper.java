package io.zookit.core.internal.client;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.session.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that a client opens itself. It keeps a session for as long as the servers do.
 *
 * <p>The client library gives a handle up when no server has answered for four thirds of the session timeout, and calls its
 * session expired. But while there is no quorum no session ends, and afterwards each has a whole timeout before it. So
 * the next handle is attached to the same session by its id and password, and the session's nodes live on.
 *
 * <pre>
 *   OPENING ──connected──► ATTACHED ◄──────────connected──────────┐
 *      ▲                    │    │ the library abandons           │
 *      │     a server says  │    └──────────► PAUSING ──► ATTACHING ──it abandons again──► PAUSING
 *      └──── Expired ───────┴──────────────────────────────┘
 * </pre>
 *
 * <p><i>The end of a session.</i> A server that ends a session answers the connect with a timeout of zero, which the handle
 * then has; one that the library abandons keeps the timeout that was negotiated. A handle that was never connected has
 * zero anyhow; there, an Expired that comes earlier than the library abandons is a server's. If neither is certain the
 * next handle is attached, which the server answers at once.
 *
 * <p><i>One handle at a time.</i> The next handle is created when the one before is closed, which then never connects again.
 * A handle that no server has accepted for a whole timeout is given up even if the library still tries: servers that were
 * restored from older data refuse each that has seen more, as often as it connects. The next one begins with transaction
 * 0, and what the servers show it is checked at every connect.
 *
 * <p><i>Threads:</i> all state is used on the loop, but for what the close of the client needs.
 */
final class SessionKeeper implements ClientConnection {

  private static final Logger log = LoggerFactory.getLogger(SessionKeeper.class);
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  /** Receives the handles, on the loop. */
  interface Listener {

    /** The library's handle is connected: for the first time, or again. */
    void onConnected(ZooKeeper handle);

    /**
     * The session is over; a handle of the next follows.
     *
     * @param byServer whether a server has said so
     */
    void onEnded(boolean byServer);
  }

  /** The proof that a session belongs to this client, from the last connect: the library forgets it. Never printed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record SessionKey(long id, byte[] password) {

    static SessionKey of(ZooKeeper handle) {
      return new SessionKey(handle.getSessionId(), handle.getSessionPasswd().clone());
    }

    @Override
    public String toString() {
      return "session";
    }
  }

  private final String connectString;
  private final int timeoutMillis;
  private final ZKClientConfig config;
  private final @Nullable Credentials credentials;
  private final ServerOrder order;
  private final SerialLane loop;
  private final Listener listener;
  private final Timekeeper timekeeper = Timekeeper.system(); // as the library: it knows no other
  private volatile @Nullable Attachment current;
  private @Nullable Attachment gone;
  private @Nullable SessionKey session;
  private @Nullable Subscription pause;
  private @Nullable Subscription acceptanceTimeout;
  private int grantedMillis;
  private int failures;
  private volatile boolean closed;

  private SessionKeeper(
      ClientSettings settings, ServerOrder order, SerialLane loop, Listener listener) {
    this.connectString = Objects.requireNonNull(settings.connectString());
    this.timeoutMillis = Math.toIntExact(settings.sessionTimeout().toMillis());
    this.grantedMillis = timeoutMillis;
    this.config = ClientConnection.config(settings);
    this.credentials = settings.credentials();
    this.order = order;
    this.loop = loop;
    this.listener = listener;
  }

  /**
   * Starts the connection.
   *
   * @param order in which the servers are tried
   */
  static SessionKeeper open(
      ClientSettings settings, ServerOrder order, SerialLane loop, Listener listener) {
    SessionKeeper keeper = new SessionKeeper(settings, order, loop, listener);
    loop.execute(keeper::open);
    return keeper;
  }

  @Override
  public boolean owned() {
    return true;
  }

  private void open() {
    pause = null;
    if (closed) {
      return;
    }
    if (gone != null && gone.handle().getState().isAlive()) {
      openLater(); // it is about to be closed
      return;
    }
    gone = null;
    Attachment next = new Attachment();
    try {
      next.connect();
      current = next;
      if (closed) {
        ClientConnection.closeWithin(Duration.ZERO, next::close); // just now, without this handle
      }
      expectAcceptance(next);
    } catch (IOException | RuntimeException e) {
      log.error("a connection to {} could not be opened; it is tried again", connectString, e);
      openLater();
    }
  }

  private void openLater() {
    pause = timekeeper.after(PAUSES.delay(failures++), () -> loop.execute(this::open));
  }

  private void onState(Attachment from, KeeperState state) {
    if (closed || from != current) {
      return;
    }
    switch (state) {
      case SyncConnected -> {
        failures = 0;
        from.wasConnected = true;
        session = SessionKey.of(from.handle());
        grantedMillis = from.handle().getSessionTimeout();
        close(acceptanceTimeout);
        listener.onConnected(from.handle());
      }
      case Disconnected -> expectAcceptance(from);
      case Expired, Closed -> onGone(from, state);
      case AuthFailed -> {
        if (!from.handle().getState().isAlive()) {
          onGone(from, state);
        }
      }
      default -> log.debug("{}", state);
    }
  }

  /** Gives a handle up that no server accepts for a whole timeout although there is a session to attach to. */
  private void expectAcceptance(Attachment unaccepted) {
    close(acceptanceTimeout);
    acceptanceTimeout = timekeeper.after(
        Duration.ofMillis(grantedMillis),
        () -> loop.execute(() -> {
          if (current == unaccepted && session != null && !closed) {
            unaccepted.giveUp();
          }
        }));
  }

  /** A handle has ended. */
  private void onGone(Attachment ended, KeeperState state) {
    current = null;
    gone = ended;
    close(acceptanceTimeout);
    boolean byServer = ended.isExpiredByServer(state);
    if (session != null && (byServer || ended.isEnding)) {
      session = null;
      listener.onEnded(byServer);
      open();
    } else {
      log.debug("the library gave a handle up: {}", state);
      openLater();
    }
  }

  @Override
  public void endSession(ZooKeeper handle) {
    Attachment now = current;
    if (now != null) {
      now.isEnding = true;
      now.giveUp();
    } else if (session != null) {
      session = null;
      listener.onEnded(false);
    }
  }

  @Override
  public void close(Duration limit) {
    order.close();
    closed = true;
    loop.execute(() -> {
      close(pause);
      close(acceptanceTimeout);
    });
    Attachment last = current;
    ClientConnection.closeWithin(limit, last == null ? () -> {} : last::close);
  }

  private static void close(@Nullable Subscription timer) {
    if (timer != null) {
      timer.close();
    }
  }

  /** One handle of the library, new or of the session that is kept. */
  private final class Attachment implements Watcher {

    private final long openedAt = timekeeper.nanos();
    private @Nullable ZooKeeper handle;
    private boolean wasConnected;

    /** True if this client has closed the handle. */
    private boolean isGivenUp;

    /** True if this client ends the session. */
    private boolean isEnding;

    void connect() throws IOException {
      SessionKey kept = session;
      HostProvider servers = order.servers(connectString);
      ZooKeeper opened = kept == null
          ? new ZooKeeper(connectString, timeoutMillis, this, false, servers, config)
          : new ZooKeeper(
              connectString,
              timeoutMillis,
              this,
              kept.id(),
              kept.password().clone(),
              false,
              servers,
              config);
      handle = opened;
      if (credentials != null) {
        opened.addAuthInfo(
            credentials.scheme(), credentials.secret().getBytes(StandardCharsets.UTF_8));
      }
    }

    ZooKeeper handle() {
      return Objects.requireNonNull(handle);
    }

    @Override
    public void process(WatchedEvent event) {
      if (event.getType() == EventType.None) {
        loop.execute(() -> onState(this, event.getState()));
      }
    }

    boolean isExpiredByServer(KeeperState state) {
      long age = timekeeper.nanos() - openedAt;
      boolean early = age < Duration.ofMillis(timeoutMillis).toNanos();
      return state == KeeperState.Expired
          && handle().getSessionTimeout() <= 0
          && (wasConnected || (early && !isGivenUp));
    }

    /** Closes the connection, but not the session at the servers; an event follows. */
    void giveUp() {
      isGivenUp = true;
      handle().getTestable().injectSessionExpiration();
    }

    void close() {
      try {
        handle().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
