package io.zookit.lock.internal.request;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import io.zookit.lock.internal.store.VersionedState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of permits of a semaphore, as stored in ZooKeeper: followed while a request of this process needs it, and a
 * minute longer. Used on the loop.
 *
 * <pre>
 *   /&lt;root&gt;/locks-state/&lt;name, nested&gt;   PERSISTENT, data: {@link LockState}
 * </pre>
 */
final class SemaphoreMaximum {

  private static final Logger log = LoggerFactory.getLogger(SemaphoreMaximum.class);
  private static final Duration LINGER = Duration.ofMinutes(1);

  private final LockEngine engine;
  private final CoreClient client;
  private final String name;
  private final LockStateNode node;
  private final int initial;
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private @Nullable Integer current;
  private @Nullable String refusal;
  private final Scope scope;
  private @Nullable Subscription linger;

  /** The newest read: its answers, and its watch until that fires. */
  private @Nullable Scope reading;

  SemaphoreMaximum(LockEngine engine, String name, int initial) {
    this.engine = engine;
    this.client = engine.client();
    this.name = name;
    this.node = new LockStateNode(client, name);
    this.initial = initial;
    this.scope = Scope.root(client.loop(), client.timekeeper());
  }

  /** The maximum, when it is known in this session. */
  OptionalInt current() {
    Integer known = current;
    return known == null ? OptionalInt.empty() : OptionalInt.of(known);
  }

  /** The reason why no request can have permits; empty if there is a maximum, or none is known yet. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** Adds a request that needs it and decides again at every change. */
  void use(Runnable change) {
    waiting.add(change);
    if (linger != null) {
      linger.close();
      linger = null;
    }
    if (current == null && reading == null) {
      engine.connected().ifPresent(this::read);
    }
  }

  /** Removes a request that needed it. */
  void leave(Runnable change) {
    if (waiting.remove(change) && waiting.isEmpty()) {
      linger = scope.after(LINGER, this::forget);
    }
  }

  void onConnected(SessionHandle handle) {
    if (current == null && !waiting.isEmpty()) {
      read(handle);
    }
  }

  void onLost() {
    current = null;
    refusal = null;
    unwatch();
  }

  /** Stores a maximum; the future is completed when ZooKeeper has it. Another recipe's state is not replaced. */
  void change(SessionHandle handle, int maximum, CompletableFuture<Void> done) {
    new VersionedState(client, handle, node, LockState.SEMAPHORE)
        .change(present -> Optional.of(LockState.semaphore(maximum)), done);
  }

  /** Reads and watches; an answer to an earlier read does not count any more. */
  private void read(SessionHandle handle) {
    unwatch();
    refusal = null;
    Scope now = scope.child();
    reading = now;
    now.own(engine
        .queues()
        .watches()
        .watch(
            node.path(),
            now.wrap((WatchedEvent event) -> onEvent(handle)),
            now.wrap((Answer<SessionHandle.Node> read) -> onRead(handle, now, read))));
  }

  private void onRead(SessionHandle handle, Scope now, Answer<SessionHandle.Node> read) {
    if (read.isOk() && read.get().data().length == 0) {
      fill(handle, now, read.get().stat().getVersion());
    } else if (read.isOk()) {
      learn(read.get().data());
    } else if (read.code() == Code.NONODE) {
      create(handle, now.wrap((Answer<SessionHandle.Created> made) -> {
        if (made.isOk() || made.code() == Code.NODEEXISTS) {
          read(handle);
        } else {
          onUnreadable(made.code());
        }
      }));
    } else {
      onUnreadable(read.code());
    }
  }

  /** It was made as the folder of a longer name. Whatever happens to it now, the watch tells. */
  private void fill(SessionHandle handle, Scope now, int version) {
    byte[] data = LockState.semaphore(initial).encoded();
    handle.setData(node.path(), data, version, now.wrap((Answer<Stat> set) -> {
      if (!set.isOk() && set.code() != Code.BADVERSION && set.code() != Code.NONODE) {
        onUnreadable(set.code());
      }
    }));
  }

  private void unwatch() {
    if (reading != null) {
      reading.close();
      reading = null;
    }
  }

  /** Forgets the known maximum, by which nothing is granted any longer, and reads it now or after the reconnect. */
  private void onEvent(SessionHandle handle) {
    unwatch();
    current = null;
    if (handle.isConnected()) {
      read(handle);
    }
  }

  private void onUnreadable(Code code) {
    unwatch();
    if (new Answer<>(code, null, true).isAnswered()) {
      log.warn("{}: the maximum cannot be read ({})", node.path(), code);
      refuse("the maximum cannot be read (" + code + ")");
    }
  }

  private void create(SessionHandle handle, Consumer<Answer<SessionHandle.Created>> made) {
    byte[] data = LockState.semaphore(initial).encoded();
    CreateWithParents.create(
        handle,
        node.folders(),
        node.path(),
        data,
        client.acl(node.path()),
        CreateMode.PERSISTENT,
        made);
  }

  private void learn(byte[] data) {
    Integer before = current;
    try {
      current = LockState.read(data, LockState.SEMAPHORE, node.path()).maximum();
    } catch (ZkException e) {
      current = null;
      log.error("{}; nothing is granted", e.getMessage());
      refuse(Objects.requireNonNullElse(e.getMessage(), "the maximum cannot be read"));
      return;
    }
    if (current == null) {
      refuse(node.path() + ": holds no maximum");
    } else if (!current.equals(before)) {
      tellAll();
    }
  }

  private void refuse(String reason) {
    refusal = reason;
    tellAll();
  }

  private void tellAll() {
    List.copyOf(new ArrayList<>(waiting)).forEach(Runnable::run);
  }

  private void forget() {
    if (waiting.isEmpty()) {
      unwatch();
      engine.forget(this);
    }
  }

  String name() {
    return name;
  }
}
