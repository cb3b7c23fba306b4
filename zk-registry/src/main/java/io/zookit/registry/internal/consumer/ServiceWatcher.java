package io.zookit.registry.internal.consumer;

import io.zookit.core.Subscription;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.internal.runtime.RegistryObservers;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is cache of one service current, for all views of it in one client. Lives on the loop.
 *
 * <pre>
 *            event, connected                all answered
 *   Quiet ─────────────────────► Reading ───────────────────► Pausing ──► Quiet, or Reading when there something is invalid
 *                                   │ no answer                  ▲
 *                                   └────────────────────────────┘ also after a reconnect, with jitter
 * </pre>
 *
 * <p>Watch events are only hints about what is dirty; the truth is read. The first change is read at once. While a read
 * is under way, and for some 30 ms after it, further hints are collected for one more read. After every reconnect all
 * of the service is read, because watches replay nothing; in a new session after a {@code sync}, because the new server
 * may lag behind the old one.
 */
final class ServiceWatcher implements ServiceRead.Reader {

  /** What happens to a request that is unanswered this often in a row is no accident. */
  private static final int STRIKES = 2;

  private static final long MIN_WINDOW_MILLIS = 20;
  private static final long MAX_WINDOW_MILLIS = 50;
  private static final long RECONNECT_JITTER_MILLIS = 100;
  private static final long FIRST_RETRY_MILLIS = 500;
  private static final int RETRY_DOUBLINGS = 6;

  private final ServiceWatchers watchers;
  private final RegistryRuntime runtime;
  private final ServicePaths place;
  private final ServiceCache cache;
  private final ViewPublisher publisher;
  private final HeartbeatMonitor heartbeats;
  private @Nullable PresenceNode presence;
  private final Set<NodeRef> suspects = new HashSet<>();
  private Set<String> tooLong = Set.of();
  private Invalidations invalid = new Invalidations();
  private byte[] policy = new byte[0];
  private @Nullable WatchRegistration watch;
  private @Nullable ServiceRead reading;
  private @Nullable Subscription pause;
  private long startedAt;
  private long pauses;
  private int strikes;
  private int failures;

  ServiceWatcher(ServiceWatchers watchers, ServicePaths place) {
    this.watchers = watchers;
    this.runtime = watchers.runtime();
    this.place = place;
    this.cache = new ServiceCache(place.service());
    this.publisher = new ViewPublisher(runtime, place.service());
    this.heartbeats = new HeartbeatMonitor(runtime, place, publisher);
  }

  /** What the views show. */
  ViewPublisher publisher() {
    return publisher;
  }

  /** Says that this process follows the service. */
  void announcePresence() {
    if (presence == null) {
      presence = new PresenceNode(runtime, place);
    }
  }

  /** Nobody looks any more: takes the watch off. */
  void stop() {
    endPause();
    publisher.close();
    heartbeats.stop();
    if (presence != null) {
      presence.close();
    }
    reading = null;
    WatchRegistration last = watch;
    watch = null;
    if (last != null) {
      last.remove(cache, () -> watchers.removeLater(last));
    }
  }

  /** The client is closed, and with it all views. */
  void closeViews() {
    publisher.views().forEach(LiveServiceView::close);
  }

  void onConnected(SessionHandle handle) {
    boolean fresh = watch == null || !watch.handle().equals(handle);
    if (fresh) {
      watch = new WatchRegistration(handle, place, event -> onEvent(handle, event));
    }
    Objects.requireNonNull(watch).arm(code -> onRefused(handle, code));
    invalid.addAll(fresh && publisher.wasRead());
    reading = null;
    endPause();
    if (!publisher.wasRead()) {
      read();
    } else {
      pause(ThreadLocalRandom.current().nextLong(RECONNECT_JITTER_MILLIS));
    }
  }

  void onSuspect() {
    endPause();
    reading = null;
    invalid.addAll(false);
    publisher.toStale();
  }

  void onLost() {
    watch = null;
  }

  @Override
  public void onRead(ServiceRead read) {
    if (reading != read) {
      return;
    }
    reading = null;
    heartbeats.start();
    failures = 0;
    strikes = 0;
    suspects.clear();
    read.unsettled().forEach(invalid::add);
    if (read.asked().all()) {
      onTooLong(read.tooLong());
    }
    read.apply();
    runtime.meters().onRead(runtime.client().timekeeper().nanos() - startedAt);
    publish(read);
    pause(ThreadLocalRandom.current().nextLong(MIN_WINDOW_MILLIS, MAX_WINDOW_MILLIS));
  }

  @Override
  public void onBroken(ServiceRead read, Code code, Set<NodeRef> first) {
    if (reading != read) {
      return;
    }
    reading = null;
    invalid.add(read.asked());
    if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
      onFailed("ZooKeeper answered " + code);
    } else if (!first.isEmpty()) {
      onUnanswered(first);
    }
  }

  @Override
  public void onTooNew(ServiceRead read, int format) {
    if (reading == read) {
      reading = null;
      invalid.add(read.asked());
      publisher.toStale();
      onFailed("the service has format " + format);
    }
  }

  private void onTooLong(Set<String> buckets) {
    for (String bucket : buckets) {
      if (!tooLong.contains(bucket)) {
        String reason = bucket + " holds more than " + ServiceRead.MOST_NAMES
            + " nodes and cannot be listed; what is cache of it stays";
        forEachObserver(observers -> observers.onViewFailed(place.service(), reason));
      }
    }
    tooLong = Set.copyOf(buckets);
  }

  /** ZooKeeper answers, and still nothing can be seen. */
  private void onFailed(String reason) {
    forEachObserver(observers -> observers.onViewFailed(place.service(), reason));
    pause(FIRST_RETRY_MILLIS << Math.min(failures++, RETRY_DOUBLINGS));
  }

  /** The same nodes under way each time the connection breaks: one of them may be too large for a packet. */
  private void onUnanswered(Set<NodeRef> first) {
    boolean again = strikes > 0 && first.stream().anyMatch(suspects::contains);
    strikes = again ? strikes + 1 : 1;
    if (!again) {
      suspects.clear();
    }
    suspects.addAll(first);
  }

  private void onRefused(SessionHandle handle, Code code) {
    if (watch != null && watch.handle().equals(handle)) {
      forEachObserver(observers -> observers.onWatchRefused(place.service(), code));
      invalid.addAll(false);
      reading = null;
      read();
    }
  }

  private void onEvent(SessionHandle handle, WatchedEvent event) {
    if (watch == null || !watch.handle().equals(handle)) {
      return;
    }
    switch (event.getType()) {
      case NodeCreated, NodeDataChanged, NodeDeleted, NodeChildrenChanged ->
        invalid.add(event, place);
      case DataWatchRemoved, ChildWatchRemoved, PersistentWatchRemoved -> onTakenOff(handle, watch);
      default -> {
        return;
      }
    }
    read();
  }

  /** A removal takes off all watches of a path in a session, also those of another client that shares it. */
  private void onTakenOff(SessionHandle handle, WatchRegistration taken) {
    taken.onTakenOff();
    taken.arm(code -> onRefused(handle, code));
    invalid.addAll(false);
  }

  private void read() {
    if (reading == null
        && pause == null
        && watch != null
        && watch.handle().isConnected()
        && !invalid.isEmpty()) {
      Invalidations asked = invalid;
      invalid = new Invalidations();
      startedAt = runtime.client().timekeeper().nanos();
      Set<NodeRef> measured = new HashSet<>(strikes < STRIKES ? Set.of() : suspects);
      tooLong.forEach(bucket -> measured.add(new NodeRef(bucket, "")));
      reading =
          new ServiceRead(watch.handle(), place, cache, asked, measured, watch.oneShot(), this);
      reading.start();
    }
  }

  private void pause(long millis) {
    endPause();
    long mine = ++pauses;
    pause = runtime.later(Duration.ofMillis(millis), () -> {
      if (pause != null && pauses == mine) {
        pause = null;
        read();
      }
    });
  }

  private void endPause() {
    if (pause != null) {
      pause.close();
      pause = null;
    }
  }

  private void publish(ServiceRead read) {
    ServiceCache.CacheUpdate commit = cache.commit();
    publisher.onRead(cache, commit, read.asked().all(), policy(read));
    forEachObserver(observers -> {
      observers.onSkipped(place, commit.skips());
      commit
          .conflicts()
          .forEach(conflict -> observers.onConflict(
              place.service(), conflict.id(), conflict.newer(), conflict.older()));
    });
  }

  /** What operators say, if it is something else; what cannot be understood changes nothing. */
  private Optional<ServicePolicy> policy(ServiceRead read) {
    byte[] now = read.policy();
    if (now == null || Arrays.equals(now, policy)) {
      return Optional.empty();
    }
    policy = now;
    Optional<ServicePolicy> said = ServicePolicy.decode(now);
    if (said.isEmpty()) {
      forEachObserver(observers -> observers.onViewFailed(
          place.service(), "the policy cannot be understood, the one before stays in force"));
    }
    return said;
  }

  private void forEachObserver(Consumer<RegistryObservers> told) {
    publisher.forEachObserver(told);
  }
}
