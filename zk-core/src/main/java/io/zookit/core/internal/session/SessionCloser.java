package io.zookit.core.internal.session;

import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.StaticHostProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes dropped sessions: attaches to one by its id and password, at one server after the other, and ends it, until a
 * server says that the session is over.
 *
 * <p>The handle that attaches knows no transaction, so also a server that was restored from older data takes it; and it
 * asks for a short timeout, so that the session does not live longer for having been attached to. That the connection
 * broke before the close was answered shows at the next attempt, as does a session that ended by itself in between.
 *
 * <p><i>Threads:</i> a call waits, on a thread of the client, never on the loop.
 */
public final class SessionCloser {

  private static final Logger log = LoggerFactory.getLogger(SessionCloser.class);

  /** Less than the time after which the client library reports an expiry by itself. */
  private static final Duration ANSWER = Duration.ofMillis(700);

  private static final int TIMEOUT_MILLIS = 1000;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Timekeeper timekeeper;
  private final Supplier<List<InetSocketAddress>> servers;
  private final @Nullable Credentials credentials;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CountDownLatch stop = new CountDownLatch(1);

  /** The first word about an attempt. */
  private static final class Word {
    private final CountDownLatch spoken = new CountDownLatch(1);
    private volatile @Nullable KeeperState state;

    void hear(WatchedEvent event) {
      if (state == null) {
        state = event.getState();
        spoken.countDown();
      }
    }
  }

  /**
   * Creates a closer.
   *
   * @param servers the addresses of the servers, queried again each time
   * @param credentials for servers that require them even for closing a session; none if null
   */
  public SessionCloser(
      Timekeeper timekeeper,
      Supplier<List<InetSocketAddress>> servers,
      @Nullable Credentials credentials) {
    this.timekeeper = timekeeper;
    this.servers = servers;
    this.credentials = credentials;
  }

  /**
   * Closes a session, or waits until no server can have it any more.
   *
   * @param near a server that is known to serve, as {@code name/address:port}; it is tried first
   * @return whether a server has said that it is over
   */
  boolean close(DroppedSession session, String near) {
    long start = timekeeper.nanos();
    try {
      while (!isPast(start, session.timeout()) && !stopped.get()) {
        if (session.isReplaced()) {
          return false;
        }
        if (session.isReleased() && isOver(session, near)) {
          log.info("a session that was dropped while disconnected is closed, its nodes are gone");
          return true;
        }
        rest();
      }
      log.warn("a session that was dropped while disconnected could not be closed; "
          + "its nodes stay until the servers end it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** Attaches at each server, in any order behind the first, until one knows. */
  private boolean isOver(DroppedSession session, String near) throws InterruptedException {
    List<InetSocketAddress> order = new ArrayList<>(servers.get());
    Collections.shuffle(order);
    order.sort(Comparator.comparing(server -> !isNear(server, near)));
    for (InetSocketAddress server : order) {
      KeeperState state = attach(session, server);
      if (state == KeeperState.SyncConnected) {
        state = attach(session, server); // only a server's word proves that the close has happened
      }
      if (state == KeeperState.Expired) {
        return true;
      }
      if (stopped.get()) {
        return false;
      }
    }
    return false;
  }

  /** Attaches at a server and, when it let us, closes the session. */
  private @Nullable KeeperState attach(DroppedSession session, InetSocketAddress server)
      throws InterruptedException {
    Word word = new Word();
    ZooKeeper handle;
    try {
      handle = new ZooKeeper(
          address(server),
          TIMEOUT_MILLIS,
          word::hear,
          session.id(),
          session.password().clone(),
          false,
          new StaticHostProvider(List.of(server)),
          session.config());
    } catch (IOException e) {
      log.debug("no handle for {}", server, e);
      return null;
    }
    try {
      if (credentials != null) {
        handle.addAuthInfo(
            credentials.scheme(), credentials.secret().getBytes(StandardCharsets.UTF_8));
      }
      boolean spoken = word.spoken.await(ANSWER.toNanos(), TimeUnit.NANOSECONDS);
      return spoken ? word.state : null;
    } finally {
      handle.close((int) ANSWER.toMillis()); // ends the session, if it is connected
    }
  }

  private static boolean isNear(InetSocketAddress server, String near) {
    return near.endsWith(":" + server.getPort()) && near.contains(server.getHostString());
  }

  private static String address(InetSocketAddress server) {
    String host = server.getHostString();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + server.getPort();
  }

  private boolean isPast(long start, Duration limit) {
    return timekeeper.nanos() - start >= limit.toNanos();
  }

  private void rest() throws InterruptedException {
    if (stop.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
      log.debug("stopped");
    }
  }

  /** Ends all calls at their next step. */
  void stop() {
    stopped.set(true);
    stop.countDown();
  }
}
