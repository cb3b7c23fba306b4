package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.internal.consumer.ServiceReader.ReadRequest;
import io.zookit.registry.internal.runtime.RegistryObservers;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the cache of one service current, for all views of it in one client.
 *
 * <pre>
 *           event, connected                all answered
 *   Quiet ──────────────────► ReadInFlight ──────────────► Collecting ──► Quiet, or ReadInFlight if something is invalid
 *    ▲                             │                           ▲
 *    └──────no connection──────────┴──────────refused──────────┘ also after a reconnect, with jitter
 * </pre>
 *
 * <p>Watch events only say what is invalid; the truth is read, but for the deletion of an instance's node, which needs no
 * request. The first change is read at once. While a read is in flight, and for a quarter of the time that it took, 50 ms
 * at most, further events are collected for one more read. The first deletion in the pause after a read ends the pause if
 * nothing else is to be read, so that a goodbye, which is a change and a deletion, does not wait for it; the next pause is
 * not shortened, so that many deletions are still published together. After every reconnect all of the service is
 * read, because watches replay nothing. The new server may lag behind the old one, but not behind what the old one has
 * shown: the client sends a {@code sync} before it reports that a session is connected.
 *
 * <p><i>Threads:</i> used on the loop.
 */
final class ServiceWatcher {

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);
  private static final Duration RECONNECT_DELAY = Duration.ofMillis(60);
  private static final Backoff REFUSED =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(32));

  /** State of the watcher, named after what it waits for. */
  private sealed interface WatcherState {

    /** The next event or connection. */
    record Quiet() implements WatcherState {}

    /** The answers of a read; closing the scope abandons it. */
    record ReadInFlight(Scope scope, Invalidations asked, long startedAt) implements WatcherState {}

    /**
     * The end of a pause; closing the scope cancels its timer.
     *
     * @param endsByDeletion whether a deletion ends it, too
     */
    record Collecting(Scope scope, boolean endsByDeletion) implements WatcherState {}
  }

  private static final WatcherState QUIET = new WatcherState.Quiet();

  private final ServiceWatchers watchers;
  private final RegistryRuntime runtime;
  private final ServicePaths place;
  private final ServiceCache cache;
  private final ViewPublisher publisher;
  private final HeartbeatMonitor heartbeats;
  private final UnansweredNodes unanswered = new UnansweredNodes();
  private WatcherState state = QUIET;
  private Invalidations invalid;
  private @Nullable WatchRegistration watch;
  private @Nullable PresenceNode presence;
  private int failures;

  ServiceWatcher(ServiceWatchers watchers, ServicePaths place) {
    this.watchers = watchers;
    this.runtime = watchers.runtime();
    this.place = place;
    this.cache = new ServiceCache(place.service());
    this.publisher = new ViewPublisher(runtime, place.service());
    this.heartbeats = new HeartbeatMonitor(runtime, place, publisher);
    this.invalid = watchers.newInvalidations();
  }

  /** The views of the service. */
  ViewPublisher publisher() {
    return publisher;
  }

  /** Creates the node that shows operators that this process follows the service. */
  void announcePresence() {
    if (presence == null) {
      presence = new PresenceNode(runtime, place);
    }
  }

  /** Ends, and removes the watch from the server: there is no view any more. */
  void stop() {
    toQuiet();
    publisher.close();
    heartbeats.stop();
    if (presence != null) {
      presence.close();
    }
    WatchRegistration last = watch;
    watch = null;
    if (last != null) {
      last.remove(cache, () -> watchers.removeLater(last));
    }
  }

  /** Closes all views: the client is closed. */
  void closeViews() {
    publisher.views().forEach(LiveServiceView::close);
  }

  void onConnected(SessionHandle handle) {
    if (watch == null || !watch.handle().equals(handle)) {
      watch = new WatchRegistration(handle, place, event -> onEvent(handle, event));
    }
    Objects.requireNonNull(watch).arm(code -> onWatchRefused(handle, code));
    invalid.addAll();
    toQuiet();
    if (publisher.wasRead()) {
      pause(Backoff.spread(RECONNECT_DELAY));
    } else {
      read();
    }
  }

  void onSuspect() {
    toQuiet();
    invalid.addAll();
    publisher.toStale();
  }

  void onLost() {
    watch = null;
  }

  private void onEvent(SessionHandle handle, WatchedEvent event) {
    if (watch == null || !watch.handle().equals(handle)) {
      return;
    }
    switch (event.getType()) {
      case NodeCreated, NodeDataChanged, NodeDeleted, NodeChildrenChanged ->
        invalid.add(event, place);
      case DataWatchRemoved, ChildWatchRemoved, PersistentWatchRemoved ->
        onWatchRemoved(handle, watch);
      default -> {
        return;
      }
    }
    if (state instanceof WatcherState.Collecting pausing
        && pausing.endsByDeletion
        && invalid.isOnlyDeletions()) {
      toQuiet();
    }
    read();
  }

  /** A removal takes off all watches of a path in a session, also those of another client that shares it. */
  private void onWatchRemoved(SessionHandle handle, WatchRegistration removed) {
    removed.onTakenOff();
    removed.arm(code -> onWatchRefused(handle, code));
    invalid.addAll();
  }

  /** The server has no persistent watches: reads set one-shot watches from now on. */
  private void onWatchRefused(SessionHandle handle, Code code) {
    if (watch != null && watch.handle().equals(handle)) {
      forEachObserver(observers -> observers.onWatchRefused(place.service(), code));
      invalid.addAll();
      if (state instanceof WatcherState.ReadInFlight) {
        toQuiet();
      }
      read();
    }
  }

  /** Reads what is invalid, unless a read is in flight, a pause has not ended, or there is no connection. */
  private void read() {
    WatchRegistration now = watch;
    if (state == QUIET && now != null && now.handle().isConnected() && !invalid.isEmpty()) {
      Invalidations asked = invalid;
      invalid = watchers.newInvalidations();
      Set<NodeRef> suspects = new HashSet<>(unanswered.toMeasure());
      cache.tooLong().forEach(bucket -> suspects.add(new NodeRef(bucket, "")));
      ReadRequest request =
          new ReadRequest(asked, node -> invalid.deleted().contains(node), suspects, now.oneShot());
      WatcherState.ReadInFlight reading = new WatcherState.ReadInFlight(scope(), asked, now());
      state = reading;
      ServiceReader.start(
          now.handle(),
          place,
          cache,
          request,
          reading.scope,
          outcome -> onOutcome(reading, outcome));
    }
  }

  private void onOutcome(WatcherState.ReadInFlight reading, ReadOutcome outcome) {
    if (outcome instanceof ServiceRead read) {
      state = QUIET;
      onRead(read, reading.startedAt);
      return;
    }
    toQuiet();
    if (outcome instanceof ReadOutcome.NewerFormat newer) {
      publisher.toStale();
      onFailed("the service has format " + newer.format());
    } else if (outcome instanceof ReadOutcome.BrokenRead broken) {
      onBroken(broken);
    }
  }

  private void onRead(ServiceRead read, long startedAt) {
    heartbeats.start();
    failures = 0;
    unanswered.clear();
    read.missing().forEach(invalid::add);
    ServiceCache.CacheUpdate update = cache.apply(read);
    runtime.meters().onRead(now() - startedAt);
    publisher.onRead(update, read.asked().all());
    report(update);
    boolean complete = read.missing().isEmpty();
    pause(
        complete ? pauseAfter(Duration.ofNanos(now() - startedAt)) : LONGEST_PAUSE,
        complete && !read.asked().isOnlyDeletions());
  }

  private void report(ServiceCache.CacheUpdate update) {
    forEachObserver(observers -> {
      update.problems().forEach(problem -> observers.onViewFailed(place.service(), problem));
      observers.onSkipped(place, update.skips());
      update
          .conflicts()
          .forEach(conflict -> observers.onConflict(
              place.service(), conflict.id(), conflict.newer(), conflict.older()));
    });
  }

  private void onBroken(ReadOutcome.BrokenRead broken) {
    Code code = broken.code();
    if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
      onFailed("ZooKeeper answered " + code);
    } else if (!broken.first().isEmpty()) {
      unanswered.add(broken.first());
    }
  }

  /** ZooKeeper answers, but the service cannot be read: tries again later. */
  private void onFailed(String reason) {
    forEachObserver(observers -> observers.onViewFailed(place.service(), reason));
    pause(REFUSED.delay(failures++));
  }

  /**
   * Returns the duration for which invalidations are collected after a read.
   *
   * @param read the duration of the read and its publication together
   */
  static Duration pauseAfter(Duration read) {
    Duration quarter = read.dividedBy(4);
    return quarter.compareTo(LONGEST_PAUSE) < 0 ? quarter : LONGEST_PAUSE;
  }

  private void pause(Duration length) {
    pause(length, false);
  }

  /** Collects invalidations for a while, or until a deletion is reported, then reads them. */
  private void pause(Duration length, boolean endsByDeletion) {
    toQuiet();
    if (length.isZero()) {
      read();
      return;
    }
    Scope scope = scope();
    state = new WatcherState.Collecting(scope, endsByDeletion);
    scope.after(length, () -> {
      toQuiet();
      read();
    });
  }

  private Scope scope() {
    return Scope.root(runtime.client().loop(), runtime.client().timekeeper());
  }

  /** Ends a pause, or abandons a read: what it was to read remains to be read. */
  private void toQuiet() {
    WatcherState before = state;
    state = QUIET;
    if (before instanceof WatcherState.Collecting pausing) {
      pausing.scope.close();
    } else if (before instanceof WatcherState.ReadInFlight reading) {
      reading.scope.close();
      invalid.add(reading.asked);
    }
  }

  private void forEachObserver(Consumer<RegistryObservers> report) {
    publisher.forEachObserver(report);
  }

  private long now() {
    return runtime.client().timekeeper().nanos();
  }
}
