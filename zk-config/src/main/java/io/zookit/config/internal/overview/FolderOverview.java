package io.zookit.config.internal.overview;

import io.zookit.core.LiveValue;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.node.PersistentWatch;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what lies below a folder, once for a client, however many {@linkplain #open values} are open.
 *
 * <pre>
 *          event, connected              answered
 *   idle ───────────────────► reading ──────────────► collecting ──► idle, or reading if something is invalid
 *    ▲                           │                        ▲
 *    └──────no connection────────┴────────refused─────────┘ each time for longer
 * </pre>
 *
 * <p>One persistent recursive watch says what is invalid; the truth is read. While a read is in flight and for 100 ms after
 * it, further events are collected for one more read. Everything is read after each connect, in a new session after a {@code
 * sync}. On a server without persistent watches everything is read every 5 s.
 *
 * <p><i>Threads:</i> used on the loop, except for {@link #open}.
 */
final class FolderOverview<T> {

  private static final Logger log = LoggerFactory.getLogger(FolderOverview.class);
  private static final Duration COLLECTING = Duration.ofMillis(100);
  private static final Duration POLLING = Duration.ofSeconds(5);
  private static final Duration RECONNECTING = Duration.ofMillis(60);
  private static final Backoff REFUSALS =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(32));

  private final CoreClient client;
  private final String name;
  private final ZkPath folder;
  private final OverviewContent<T> content;
  private final Supplier<Optional<SessionHandle>> connected;
  private final Set<LiveCell<T>> cells = new LinkedHashSet<>();

  /** Open while there is a connection and a value: owns what is under way. */
  private Scope connection;

  private @Nullable PersistentWatch watch;
  private @Nullable PersistentWatch unremoved;
  private @Nullable T published;
  private @Nullable Long staleSince;
  private boolean polls;

  /** A read is in flight, or the pause after it has not ended. */
  private boolean busy;

  private int failures;

  /**
   * Creates an overview that follows nothing yet.
   *
   * @param name of the values, in messages
   * @param connected returns the session while it is connected
   */
  FolderOverview(
      CoreClient client,
      String name,
      ZkPath folder,
      OverviewContent<T> content,
      Supplier<Optional<SessionHandle>> connected) {
    this.client = client;
    this.name = name;
    this.folder = folder;
    this.content = content;
    this.connected = connected;
    this.connection = Scope.root(client.loop(), client.timekeeper());
  }

  /** Opens a value that follows the folder until it is closed. From any thread. */
  LiveValue<T> open() {
    List<LiveCell<T>> opened = new ArrayList<>();
    LiveCell<T> cell = new LiveCell<>(
        name,
        client.timekeeper(),
        () -> client.lane("listener of " + name),
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
      connected.get().ifPresent(this::onConnected);
    }
  }

  private void remove(LiveCell<T> cell) {
    if (cells.remove(cell) && cells.isEmpty()) {
      stop();
    }
  }

  /** Ends, and removes the watch from the server: no value is open any more. */
  private void stop() {
    endReads();
    content.clear();
    published = null;
    staleSince = null;
    polls = false;
    failures = 0;
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
      }
    });
  }

  /** Closes all values: the client is closed. */
  void closeValues() {
    List.copyOf(cells).forEach(LiveCell::close);
  }

  void onConnected(SessionHandle handle) {
    PersistentWatch left = unremoved;
    if (left != null && left.handle().equals(handle)) {
      removeWatch(left);
    }
    if (cells.isEmpty()) {
      return;
    }
    endReads();
    connection = Scope.root(client.loop(), client.timekeeper());
    if (watch == null || !watch.handle().equals(handle)) {
      watch = new PersistentWatch(handle, folder, event -> onEvent(handle, event));
      arm(watch);
      if (published != null) {
        handle.sync(folder, synced -> {});
      }
    }
    content.invalidateAll();
    if (published == null) {
      read();
    } else {
      pause(Backoff.spread(RECONNECTING));
    }
  }

  void onSuspect() {
    endReads();
    if (staleSince == null && published != null) {
      long since = client.timekeeper().nanos();
      staleSince = since;
      cells.forEach(cell -> cell.toStale(since));
    }
  }

  void onLost() {
    endReads();
    watch = null;
    unremoved = null;
  }

  private void endReads() {
    connection.close();
    busy = false;
  }

  private void arm(PersistentWatch armed) {
    armed.set(() -> {}, code -> {
      if (armed == watch) {
        log.warn(
            "{}: the server has no persistent watches ({}), read every {}", name, code, POLLING);
        polls = true;
        content.invalidateAll();
        read();
      }
    });
  }

  private void onEvent(SessionHandle handle, WatchedEvent event) {
    PersistentWatch armed = watch;
    if (armed == null || !armed.handle().equals(handle)) {
      return;
    }
    switch (event.getType()) {
      case NodeCreated, NodeDataChanged, NodeDeleted, NodeChildrenChanged -> {
        String path = event.getPath();
        int length = folder.value().length();
        content.invalidate(path.length() <= length ? "" : path.substring(length + 1));
      }
      case DataWatchRemoved, ChildWatchRemoved, PersistentWatchRemoved -> {
        // A removal takes off all watches of a path in a session, also those of another client.
        arm(armed);
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
    PersistentWatch armed = watch;
    if (busy
        || armed == null
        || !connection.isOpen()
        || !armed.handle().isConnected()
        || !content.isInvalid()) {
      return;
    }
    busy = true;
    content.read(armed.handle(), connection, this::onRead);
  }

  private void onRead(Code code) {
    if (code == Code.OK) {
      failures = 0;
      publish(content.value());
      pause(polls ? POLLING : COLLECTING);
      return;
    }
    content.invalidateAll();
    if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
      log.warn("{}: cannot be read: ZooKeeper answered {}", name, code);
    }
    pause(REFUSALS.delay(failures++));
  }

  private void publish(T next) {
    boolean isChange = !next.equals(published);
    published = next;
    staleSince = null;
    if (isChange) {
      cells.forEach(cell -> cell.set(next));
    } else {
      cells.forEach(LiveCell::toLive);
    }
  }

  /** Collects what becomes invalid for a while, then reads it. */
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
