package io.zookit.core.internal.overview;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.node.PersistentWatch;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows everything below a folder, once for a client, however many {@linkplain #open values} are open.
 *
 * <pre>
 *          event, connected              answered
 *   idle ───────────────────► reading ──────────────► collecting ──► idle, or reading if something is invalid
 *    ▲                           │                        ▲
 *    └──────no connection────────┴────────refused─────────┘ each time for longer
 * </pre>
 *
 * <p>One persistent recursive watch says what is invalid; the truth is read. While a read is in flight and for 100 ms after
 * it, further events are collected for one more read. Everything is read after each connect, which the client reports after
 * a {@code sync}. Where no persistent watch can be set, everything is read at intervals.
 *
 * <p>While no value is open, nothing is sent.
 *
 * <p><i>Threads:</i> used on the loop, except for {@link #open}.
 *
 * @param <T> the value; immutable
 */
public final class FolderOverview<T> implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(FolderOverview.class);
  private static final Duration COLLECTING = Duration.ofMillis(100);
  private static final Duration RECONNECTING = Duration.ofMillis(60);
  private static final Backoff REFUSALS =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(32));

  private final CoreClient client;
  private final String name;
  private final ZkPath folder;
  private final OverviewContent<T> content;
  private final Set<LiveCell<T>> cells = new LinkedHashSet<>();

  /** The session in use; null if there is none, or nothing is followed. */
  private @Nullable SessionHandle session;

  private Subscription sessions = () -> {};

  /** Open while there is a connection and a value: owns what is under way. */
  private Scope connection;

  private @Nullable PersistentWatch watch;
  private @Nullable PersistentWatch unremoved;
  private @Nullable Subscription nextChange;
  private @Nullable T published;
  private @Nullable Long staleSince;
  private boolean mayWatch = true;
  private boolean polls;

  /** A read is in flight, or the pause after it has not ended. */
  private boolean busy;

  private int failures;

  /**
   * Creates an overview that follows nothing yet.
   *
   * @param name of the values, in messages
   */
  public FolderOverview(CoreClient client, String name, ZkPath folder, OverviewContent<T> content) {
    this.client = client;
    this.name = name;
    this.folder = folder;
    this.content = content;
    this.connection = Scope.root(client.loop(), client.timekeeper());
  }

  /**
   * Opens a value that follows the folder until it is closed. From any thread.
   *
   * @throws IllegalStateException if the client is closed
   */
  public LiveValue<T> open() {
    if (client.isClosed()) {
      throw new IllegalStateException(client + ": is closed");
    }
    List<LiveCell<T>> opened = new ArrayList<>();
    LiveCell<T> cell = new LiveCell<>(
        name,
        client.timekeeper(),
        () -> client.lane("listener of the " + name),
        () -> client.loop().execute(() -> opened.forEach(this::remove)));
    opened.add(cell);
    client.loop().execute(() -> add(cell));
    return cell;
  }

  private void add(LiveCell<T> cell) {
    cells.add(cell);
    T known = published;
    if (known != null) {
      cell.set(known);
      if (staleSince != null) {
        cell.toStale(staleSince);
      }
    }
    if (cells.size() == 1) {
      sessions.close();
      sessions = client.onSessions(this);
    }
  }

  private void remove(LiveCell<T> cell) {
    if (cells.remove(cell) && cells.isEmpty()) {
      stop();
    }
  }

  /** Ends, and removes the watch from the server: no value is open any more. */
  private void stop() {
    session = null;
    endReads();
    content.clear();
    published = null;
    staleSince = null;
    failures = 0;
    unwatch();
    endSessions();
  }

  /** Ends the interest in sessions when nothing is left to do in them. */
  private void endSessions() {
    if (cells.isEmpty() && unremoved == null) {
      sessions.close();
    }
  }

  /** Closes all values: the client is closed. From any thread. */
  public void close() {
    client.loop().execute(() -> List.copyOf(cells).forEach(LiveCell::close));
  }

  /**
   * Decides whether a watch may be set on the folder; polls while it may not. After a permission is given again, polling goes
   * on until the next session.
   */
  public void mayWatch(boolean allowed) {
    mayWatch = allowed;
    if (!allowed && !polls && session != null) {
      unwatch();
      poll();
    }
  }

  @Override
  public void onConnected(SessionHandle connected) {
    PersistentWatch left = unremoved;
    if (left != null && left.handle().equals(connected)) {
      removeWatch(left);
    }
    if (cells.isEmpty()) {
      return;
    }
    endReads();
    connection = Scope.root(client.loop(), client.timekeeper());
    if (!connected.equals(session)) {
      session = connected;
      watch = null;
      polls = !mayWatch;
      if (mayWatch) {
        setWatch(connected);
      }
    }
    content.invalidateAll();
    if (published == null) {
      read();
    } else {
      pause(Backoff.spread(RECONNECTING));
    }
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    endReads();
    if (staleSince == null && published != null) {
      long since = client.timekeeper().nanos();
      staleSince = since;
      cells.forEach(cell -> cell.toStale(since));
    }
  }

  @Override
  public void onLost(SessionHandle lost) {
    endReads();
    session = null;
    watch = null;
    unremoved = null;
    endSessions();
  }

  private void endReads() {
    connection.close();
    busy = false;
    nextChange = null;
  }

  private void setWatch(SessionHandle handle) {
    PersistentWatch next = new PersistentWatch(handle, folder, event -> onEvent(handle, event));
    watch = next;
    request(next);
  }

  private void request(PersistentWatch requested) {
    requested.set(() -> {}, code -> {
      if (requested == watch) {
        watch = null;
        log.warn(
            "{}: the server has no persistent watches ({}), read every {}",
            name,
            code,
            content.pollInterval());
        poll();
      }
    });
  }

  private void unwatch() {
    PersistentWatch last = watch;
    watch = null;
    if (last != null) {
      removeWatch(last);
    }
  }

  private void removeWatch(PersistentWatch last) {
    unremoved = last;
    last.remove(() -> {
      if (last == unremoved) {
        unremoved = null;
        endSessions();
      }
    });
  }

  private void poll() {
    polls = true;
    content.invalidateAll();
    read();
  }

  private void onEvent(SessionHandle handle, WatchedEvent event) {
    PersistentWatch current = watch;
    if (current == null || !current.handle().equals(handle)) {
      return;
    }
    switch (event.getType()) {
      case NodeCreated, NodeDataChanged, NodeDeleted, NodeChildrenChanged -> {
        String path = event.getPath();
        int length = folder.value().length();
        String below = path.length() <= length ? "" : path.substring(length + 1);
        content.invalidate(below, event.getType());
      }
      case DataWatchRemoved, ChildWatchRemoved, PersistentWatchRemoved -> {
        // A removal takes off all watches of a path in a session, also those of another client.
        request(current);
        content.invalidateAll();
      }
      default -> {
        return;
      }
    }
    read();
  }

  /** Reads what is invalid, unless a read or a pause has not ended, or there is no connection. */
  private void read() {
    SessionHandle handle = session;
    if (busy
        || handle == null
        || !connection.isOpen()
        || !handle.isConnected()
        || !content.isInvalid()) {
      return;
    }
    busy = true;
    content.read(handle, connection, this::onRead);
  }

  private void onRead(Code code) {
    if (code == Code.OK) {
      failures = 0;
      publish();
      pause(polls ? content.pollInterval() : COLLECTING);
      return;
    }
    content.invalidateAll();
    if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
      log.warn("{}: cannot be read: ZooKeeper answered {}", name, code);
    }
    pause(REFUSALS.delay(failures++));
  }

  private void publish() {
    T next = content.value();
    boolean isChange = !next.equals(published);
    published = next;
    staleSince = null;
    if (isChange) {
      cells.forEach(cell -> cell.set(next));
    } else {
      cells.forEach(LiveCell::toLive);
    }
    awaitNextChange();
  }

  private void awaitNextChange() {
    if (nextChange != null) {
      nextChange.close();
      nextChange = null;
    }
    Instant now = client.timekeeper().now();
    content
        .nextChange()
        .ifPresent(next -> nextChange =
            connection.after(Duration.between(now, next).plusMillis(1), this::publish));
  }

  /** Collects what becomes invalid for a while, then reads it; everything if it is polled. */
  private void pause(Duration length) {
    busy = true;
    connection.after(length, () -> {
      busy = false;
      if (polls) {
        content.invalidateAll();
      }
      read();
    });
  }

  @Override
  public String toString() {
    return name;
  }
}
