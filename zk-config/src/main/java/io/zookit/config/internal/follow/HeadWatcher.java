package io.zookit.config.internal.follow;

import io.zookit.config.internal.model.Head;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The head of one namespace, kept current for all that follow it in this client: one watch.
 *
 * <p>It is about state, not about events: the head is read and its watch is set by the same request, after every event,
 * every connect and every minute. An event that is missed delays a change by a minute at most. A watch on a missing
 * head is set by {@code exists}.
 *
 * <p>Lives on the loop.
 */
public final class HeadWatcher {

  /** Receives the head, on the loop; the same head again after every read. */
  public interface Listener {

    /** The head as it is. */
    void onHead(Head head);

    /** There is no head. */
    void onAbsent();

    /** There is one that cannot be read. */
    void onUnreadable(String reason, boolean tooNew);

    /** Nothing is known from now on. */
    void onSuspect();
  }

  private static final Logger log = LoggerFactory.getLogger(HeadWatcher.class);
  private static final Duration RECONCILE_INTERVAL = Duration.ofMinutes(1);
  private static final Backoff DELAYS = new Backoff(Duration.ofSeconds(1), RECONCILE_INTERVAL);

  private final CoreClient client;
  private final ZkPath path;
  private final Runnable before;
  private final Set<Listener> listeners = new LinkedHashSet<>();
  private @Nullable SessionHandle handle;
  private @Nullable Watcher watcher;
  private @Nullable Subscription timer;
  private boolean reading;
  private boolean again;

  /**
   * Creates a watcher without listeners.
   *
   * @param before runs before each look; what it asks for is answered before the head is
   */
  HeadWatcher(CoreClient client, ZkPath path, Runnable before) {
    this.client = client;
    this.path = path;
    this.before = before;
  }

  void add(Listener listener) {
    listeners.add(listener);
    look(false);
  }

  /** Removes a listener; true if none is left. */
  boolean remove(Listener listener) {
    listeners.remove(listener);
    return listeners.isEmpty();
  }

  /** Stops: takes the watch off. */
  void close() {
    listeners.clear();
    if (timer != null) {
      timer.close();
    }
    if (handle != null && watcher != null) {
      handle.removeWatch(path, Watcher.WatcherType.Data, watcher, gone -> {});
    }
    handle = null;
  }

  void onConnected(SessionHandle connected) {
    if (!connected.equals(handle)) {
      handle = connected;
      watcher = connected.watcher(event -> look(false));
      reading = false;
    }
    look(true);
  }

  void onSuspect() {
    tellAll(Listener::onSuspect);
  }

  void onLost() {
    handle = null;
    reading = false;
    onSuspect();
  }

  /** Looks again some time later, behind the leader: what was seen could not be used. */
  void lookAgain(int failures) {
    schedule(DELAYS.delay(failures), true);
  }

  /** Reads the head now; a look that is under way is followed by another. */
  void look(boolean synced) {
    SessionHandle used = handle;
    if (used == null || !used.isConnected() || listeners.isEmpty()) {
      return;
    }
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    again = false;
    if (synced) {
      used.sync(path, done -> {});
    }
    before.run();
    used.getData(path, watcher, read -> onRead(used, read));
  }

  private void onRead(SessionHandle used, Answer<SessionHandle.Node> read) {
    if (!used.equals(handle)) {
      return;
    }
    if (read.code() == Code.NONODE) {
      used.exists(path, watcher, there -> onExists(used, there));
      return;
    }
    reading = false;
    boolean fine = read.isOk();
    try {
      if (fine) {
        tell(read.get().data());
      } else if (read.isAnswered()) {
        tellUnreadable("the head cannot be read (" + read.code() + ")", false);
      }
    } catch (Throwable e) {
      log.error("{}: cannot be decoded, read again later", path, e);
      fine = false;
    }
    next(fine);
  }

  private void onExists(SessionHandle used, Answer<?> there) {
    if (!used.equals(handle)) {
      return;
    }
    reading = false;
    if (there.isOk()) {
      again = true;
    } else if (there.code() == Code.NONODE) {
      tellAll(Listener::onAbsent);
    }
    next(there.isAnswered());
  }

  private void next(boolean fine) {
    if (again) {
      look(false);
    } else if (!fine) {
      schedule(DELAYS.delay(0), true);
    } else if (timer == null) { // else a read is due, perhaps one that was requested just now
      schedule(Backoff.spread(RECONCILE_INTERVAL), false);
    }
  }

  private void tell(byte[] data) {
    Decoded<Head> decoded = Head.CODEC.decode(data);
    if (decoded instanceof Decoded.Value<Head> read) {
      tellAll(listener -> listener.onHead(read.value()));
    } else if (decoded instanceof Decoded.TooNew<Head> later) {
      tellUnreadable("the head needs format version " + later.minReader(), true);
    } else {
      tellUnreadable(
          "the head is malformed: " + ((Decoded.Malformed<Head>) decoded).reason(), false);
    }
  }

  private void tellUnreadable(String reason, boolean tooNew) {
    tellAll(listener -> listener.onUnreadable(reason, tooNew));
  }

  /** Tells every listener, also behind one that fails: the next look must come in any case. */
  private void tellAll(Consumer<Listener> what) {
    for (Listener listener : new ArrayList<>(listeners)) {
      try {
        what.accept(listener);
      } catch (Throwable e) {
        log.error("{}: a follower failed", path, e);
      }
    }
  }

  private void schedule(Duration delay, boolean synced) {
    if (timer != null) {
      timer.close();
    }
    timer = client.timekeeper().after(delay, () -> client.loop().execute(() -> onTimer(synced)));
  }

  private void onTimer(boolean synced) {
    timer = null;
    look(synced);
  }
}
