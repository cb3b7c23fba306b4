package io.zookit.config.internal.follow;

import io.zookit.config.internal.follow.DecodedCache.CacheKey;
import io.zookit.config.internal.follow.DecodedCache.CacheShare;
import io.zookit.config.internal.model.Head;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The head of one namespace, kept current for all that follow it in this client: one watch, and one read after every event,
 * every connect and every minute. An event that is missed delays a change by a minute at most.
 *
 * <p><i>Failure:</i> whatever a listener throws, an {@code Error} too, is logged; the others are called, and the head is
 * followed on.
 *
 * <p><i>Threads:</i> the loop.
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

  /**
   * A head with its bytes. To compare the bytes of two costs less than to hash those of one.
   *
   * @param data never changed
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by isOf only
  private record ReadHead(byte[] data, Head head) {

    boolean isOf(byte[] other) {
      return Arrays.equals(data, other);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(HeadWatcher.class);

  /** Bytes that a decoded head and its data occupy for each byte of its node. */
  private static final int WEIGHT = 5;

  private static final Duration RECONCILE_INTERVAL = Duration.ofMinutes(1);
  private static final Backoff DELAYS = new Backoff(Duration.ofSeconds(1), RECONCILE_INTERVAL);

  private final ZkPath path;
  private final Supplier<CacheShare> cache;
  private final Runnable beforeRead;
  private final Scope scope;
  private final NodeFollower<SessionHandle.Node> follower;
  private final Set<Listener> listeners = new LinkedHashSet<>();
  private @Nullable SessionHandle handle;
  private @Nullable Subscription timer;
  private boolean behindLeader;

  /** Keeps the head that was read last in the cache. */
  @SuppressWarnings("UnusedVariable")
  private @Nullable ReadHead latest;

  /**
   * Creates a watcher without listeners.
   *
   * @param cache returns what other clients have decoded
   * @param beforeRead runs before each read; what it requests is answered before the head is
   */
  HeadWatcher(CoreClient client, ZkPath path, Supplier<CacheShare> cache, Runnable beforeRead) {
    this.path = path;
    this.cache = cache;
    this.beforeRead = beforeRead;
    this.scope = Scope.root(client.loop(), client.timekeeper());
    this.follower = NodeFollower.ofUnsharedData(client, path, this::onRead).before(this::onReading);
  }

  void add(Listener listener) {
    listeners.add(listener);
    refresh(false);
  }

  /** Removes a listener; true if none is left. */
  boolean remove(Listener listener) {
    listeners.remove(listener);
    return listeners.isEmpty();
  }

  /** Stops, and removes the watch. */
  void close() {
    listeners.clear();
    handle = null;
    scope.close();
    follower.close();
  }

  void onConnected(SessionHandle connected) {
    handle = connected;
    refresh(true);
  }

  void onSuspect() {
    publish(Listener::onSuspect);
  }

  void onLost(SessionHandle lost) {
    handle = null;
    follower.onLost(lost);
    onSuspect();
  }

  /** Reads the head, behind the leader, after a pause: what was read could not be used. */
  void refreshLater(int failures) {
    schedule(DELAYS.delay(failures), true);
  }

  /** Reads the head now. */
  void refresh(boolean synced) {
    SessionHandle used = handle;
    if (used != null && used.isConnected() && !listeners.isEmpty()) {
      behindLeader |= synced;
      follower.refresh(used, answered -> {});
    }
  }

  private void onReading(SessionHandle used) {
    if (behindLeader) {
      behindLeader = false;
      used.sync(path, done -> {});
    }
    beforeRead.run();
  }

  private void onRead(Answer<SessionHandle.Node> read) {
    try {
      if (read.isOk()) {
        publish(read.get());
      } else if (read.code() == Code.NONODE) {
        publish(Listener::onAbsent);
      } else {
        publishUnreadable("the head cannot be read (" + read.code() + ")", false);
      }
    } catch (Throwable e) {
      log.error("{}: cannot be decoded, read again later", path, e);
      refreshLater(0);
    }
    if (timer == null) { // otherwise a read is due, perhaps one that was requested just now
      schedule(Backoff.spread(RECONCILE_INTERVAL), false);
    }
  }

  private void publish(SessionHandle.Node node) {
    CacheShare shared = cache.get();
    if (!shared.isOpen()) {
      publish(Head.CODEC.decode(node.data()));
      return;
    }
    byte[] data = node.data();
    CacheKey key =
        new CacheKey(path.value(), node.stat().getMzxid(), CacheKey.COMPARED, Head.class.getName());
    Optional<ReadHead> known = shared.find(ReadHead.class, key);
    if (known.isPresent() && known.get().isOf(data)) {
      publish(known.get());
      return;
    }
    Decoded<Head> decoded = Head.CODEC.decode(data);
    if (decoded instanceof Decoded.Value<Head> value) {
      ReadHead mine = new ReadHead(data, value.value());
      ReadHead kept = shared.keep(ReadHead.class, key, mine, WEIGHT * (long) data.length);
      publish(kept.isOf(data) ? kept : mine);
    } else {
      publish(decoded);
    }
  }

  private void publish(ReadHead read) {
    latest = read;
    publish(read.head());
  }

  private void publish(Decoded<Head> decoded) {
    if (decoded instanceof Decoded.Value<Head> value) {
      publish(value.value());
    } else if (decoded instanceof Decoded.TooNew<Head> later) {
      publishUnreadable("the head needs format version " + later.minReader(), true);
    } else {
      publishUnreadable(
          "the head is malformed: " + ((Decoded.Malformed<Head>) decoded).reason(), false);
    }
  }

  private void publish(Head head) {
    publish(listener -> listener.onHead(head));
  }

  private void publishUnreadable(String reason, boolean tooNew) {
    publish(listener -> listener.onUnreadable(reason, tooNew));
  }

  private void publish(Consumer<Listener> event) {
    for (Listener listener : new ArrayList<>(listeners)) {
      try {
        event.accept(listener);
      } catch (Throwable e) { // the next listener, and the next read, must come in any case
        log.error("{}: a follower failed", path, e);
      }
    }
  }

  private void schedule(Duration delay, boolean synced) {
    if (timer != null) {
      timer.close();
    }
    timer = scope.after(delay, () -> {
      timer = null;
      refresh(synced);
    });
  }
}
