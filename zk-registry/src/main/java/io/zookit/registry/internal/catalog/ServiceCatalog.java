package io.zookit.registry.internal.catalog;

import io.zookit.core.LiveValue;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.PersistentWatch;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.ServicePaths;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The overview of all services, followed once for each client, however many of its {@linkplain #open values} are open.
 *
 * <pre>
 *          event, connected                 all answered
 *   Idle ────────────────────► Reading ───────────────────► Collecting ──► Idle, or Reading if something is invalid
 *    ▲                           │                              ▲
 *    └──────no connection────────┴───────────refused────────────┘ also after a reconnect, with jitter
 * </pre>
 *
 * <p>One persistent recursive watch on the folder of all services says what is invalid; the truth is read, but for the
 * deletion of an instance's node. While a read is in flight and for {@value #COLLECT_MILLIS} ms after it further events are
 * collected for one more read. Everything is read after each connect, which the client reports after a {@code sync}. A server without
 * persistent watches is read every {@value #POLL_SECONDS} s.
 *
 * <p><i>Threads:</i> used on the loop, except for {@link #open}.
 */
public final class ServiceCatalog implements CatalogRead.ReadListener {

  private static final Logger log = LoggerFactory.getLogger(ServiceCatalog.class);

  private static final int COLLECT_MILLIS = 100;
  private static final int POLL_SECONDS = 5;
  private static final Duration RECONNECT_DELAY = Duration.ofMillis(60);
  private static final Backoff REFUSED =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(32));

  /** Broken reads in a row after which the sizes of nodes are queried first. */
  private static final int CAREFUL_AFTER = 2;

  /** State of the catalog, named after what it waits for. */
  private sealed interface CatalogState {

    /** The next event or connection. */
    record CatalogIdle() implements CatalogState {}

    /** The answers of a read. */
    record CatalogReading(CatalogRead read) implements CatalogState {}

    /** The end of a pause; closing the scope cancels its timer. */
    record CatalogPause(Scope scope) implements CatalogState {}
  }

  private static final CatalogState IDLE = new CatalogState.CatalogIdle();

  private final RegistryRuntime runtime;
  private final CoreClient client;
  private final ZkPath folder;
  private final OverviewValues values = new OverviewValues();
  private final CatalogTable table = new CatalogTable();
  private final Scope expiries;
  private CatalogState state = IDLE;
  private CatalogInvalidations invalid = new CatalogInvalidations();
  private @Nullable PersistentWatch watch;
  private @Nullable PersistentWatch unremoved;
  private @Nullable Scope expiry;
  private boolean polls;
  private int broken;
  private int failures;

  /** Creates a catalog that follows nothing yet. */
  public ServiceCatalog(RegistryRuntime runtime) {
    this.runtime = runtime;
    this.client = runtime.client();
    this.folder = ServicePaths.services(client);
    this.expiries = scope();
  }

  private Scope scope() {
    return Scope.root(client.loop(), client.timekeeper());
  }

  /** Opens a value that follows the overview until it is closed. From any thread. */
  public LiveValue<List<ServiceSummary>> open() {
    runtime.requireOpen();
    SerialLane loop = client.loop();
    List<LiveCell<List<ServiceSummary>>> opened = new ArrayList<>();
    LiveCell<List<ServiceSummary>> cell = new LiveCell<>(
        "overview of services",
        client.timekeeper(),
        () -> client.lane("listener of the overview of services"),
        () -> loop.execute(() -> opened.forEach(this::remove)));
    opened.add(cell);
    loop.execute(() -> add(cell));
    return cell;
  }

  private void add(LiveCell<List<ServiceSummary>> cell) {
    if (values.add(cell)) {
      runtime.connected().ifPresent(this::onConnected);
    }
  }

  private void remove(LiveCell<List<ServiceSummary>> cell) {
    if (values.remove(cell)) {
      stop();
    }
  }

  /** Ends, and removes the watch from the server: no value is open any more. */
  private void stop() {
    toIdle();
    endExpiry();
    table.clear();
    polls = false;
    broken = 0;
    invalid = new CatalogInvalidations();
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
  public void closeValues() {
    values.close();
  }

  public void onConnected(SessionHandle handle) {
    PersistentWatch left = unremoved;
    if (left != null && left.handle().equals(handle)) {
      removeWatch(left);
    }
    if (values.isEmpty()) {
      return;
    }
    if (watch == null || !watch.handle().equals(handle)) {
      watch = new PersistentWatch(handle, folder, event -> onEvent(handle, event));
      arm(watch);
    }
    invalid.addAll();
    abandonRead();
    toIdle();
    if (values.isPublished()) {
      pause(Backoff.spread(RECONNECT_DELAY));
    } else {
      read();
    }
  }

  public void onSuspect() {
    abandonRead();
    toIdle();
    endExpiry();
    if (!values.isEmpty()) {
      invalid.addAll();
      values.toStale(client.timekeeper().nanos());
    }
  }

  public void onLost() {
    watch = null;
    unremoved = null;
  }

  private void arm(PersistentWatch armed) {
    armed.set(() -> {}, code -> {
      if (armed == watch) {
        log.warn(
            "services: the server has no persistent watches ({}), all are read every {} s",
            code,
            POLL_SECONDS);
        polls = true;
        invalid.addAll();
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
      case NodeCreated, NodeDataChanged, NodeDeleted, NodeChildrenChanged ->
        invalid.add(event, folder);
      case DataWatchRemoved, ChildWatchRemoved, PersistentWatchRemoved -> {
        // A removal takes off all watches of a path in a session, also those of another client.
        arm(armed);
        invalid.addAll();
      }
      default -> {
        return;
      }
    }
    read();
  }

  /** Reads what is invalid, unless a read is in flight, a pause has not ended, or there is no connection. */
  private void read() {
    if (state == IDLE && watch != null && watch.handle().isConnected() && !invalid.isEmpty()) {
      CatalogInvalidations asked = invalid;
      invalid = new CatalogInvalidations();
      CatalogRead read =
          new CatalogRead(watch.handle(), client, asked, broken >= CAREFUL_AFTER, this);
      state = new CatalogState.CatalogReading(read);
      read.start();
    }
  }

  private boolean isCurrent(CatalogRead read) {
    return state instanceof CatalogState.CatalogReading reading && reading.read == read;
  }

  @Override
  public void onRead(CatalogRead read) {
    if (!isCurrent(read)) {
      return;
    }
    failures = 0;
    broken = 0;
    publish(table.apply(read, invalid));
    pause(polls ? Duration.ofSeconds(POLL_SECONDS) : Duration.ofMillis(COLLECT_MILLIS));
  }

  @Override
  public void onBroken(CatalogRead read, Code code) {
    if (!isCurrent(read)) {
      return;
    }
    toIdle();
    invalid.add(read.asked());
    broken++;
    if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
      log.warn("services: cannot be read: ZooKeeper answered {}", code);
      pause(REFUSED.delay(failures++));
    }
  }

  private void publish(Set<String> changed) {
    Instant now = client.timekeeper().now();
    values.publish(table.summaries(changed, now));
    awaitExpiry(now);
  }

  /** Publishes again when the next rule of an operator expires. */
  private void awaitExpiry(Instant now) {
    endExpiry();
    table.nextExpiry(now).ifPresent(next -> {
      Scope waiting = expiries.child();
      expiry = waiting;
      waiting.after(Duration.between(now, next).plusMillis(1), () -> publish(table.services()));
    });
  }

  private void endExpiry() {
    if (expiry != null) {
      expiry.close();
      expiry = null;
    }
  }

  /** Collects invalidations for a while, then reads them. */
  private void pause(Duration length) {
    toIdle();
    Scope scope = scope();
    state = new CatalogState.CatalogPause(scope);
    scope.after(length, () -> {
      toIdle();
      if (polls) {
        invalid.addAll();
      }
      read();
    });
  }

  /** Takes back what a read in flight was to read, because its answers no longer count. */
  private void abandonRead() {
    if (state instanceof CatalogState.CatalogReading reading) {
      invalid.add(reading.read.asked());
      broken++;
    }
  }

  /** Forgets a read in flight and ends a pause. */
  private void toIdle() {
    CatalogState before = state;
    state = IDLE;
    if (before instanceof CatalogState.CatalogPause collecting) {
      collecting.scope.close();
    }
  }

  @Override
  public String toString() {
    return "overview of services of " + Objects.toString(client);
  }
}
