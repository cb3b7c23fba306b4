package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.internal.runtime.RegistryOptions;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.selection.ServiceMember;
import io.zookit.registry.internal.store.ServicePaths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The services that a client follows, and the watches that may still be on servers.
 *
 * <p><i>Threads:</i> used on the client's loop, except for {@link #follow}, {@link #unfollow} and {@link #onResult}.
 */
public final class ServiceWatchers {

  private final RegistryRuntime runtime;
  private final Supplier<Invalidations> invalidations;
  private final Map<String, ServiceWatcher> watchers = new HashMap<>();
  private final List<WatchRegistration> unremoved = new ArrayList<>();

  /**
   * Creates an empty set of watchers.
   *
   * @param invalidations creates an empty set of invalidations
   */
  public ServiceWatchers(RegistryRuntime runtime, Supplier<Invalidations> invalidations) {
    this.runtime = runtime;
    this.invalidations = invalidations;
  }

  Invalidations newInvalidations() {
    return invalidations.get();
  }

  RegistryRuntime runtime() {
    return runtime;
  }

  /** Takes up a new view. From any thread. */
  public void follow(ServicePaths place, LiveServiceView view, RegistryOptions options) {
    runtime.requireOpen();
    runtime.meters().onView();
    runtime.client().loop().execute(() -> {
      ServiceWatcher known = watchers.get(place.service());
      ServiceWatcher watcher = known == null ? new ServiceWatcher(this, place) : known;
      watcher.publisher().add(view);
      options.probe().ifPresent(watcher.publisher()::probeWith);
      if (options.announcesPresence()) {
        watcher.announcePresence();
      }
      if (known == null) {
        watchers.put(place.service(), watcher);
        runtime.connected().ifPresent(watcher::onConnected);
      }
    });
  }

  /** Removes a view that was closed. From any thread. */
  void unfollow(LiveServiceView view) {
    runtime.meters().onViewClosed();
    runtime.client().loop().execute(() -> {
      ServiceWatcher watcher = watchers.get(view.service());
      if (watcher != null && !watcher.publisher().remove(view)) {
        watchers.remove(view.service());
        watcher.stop();
      }
    });
  }

  /** A call of this process has a result that may change which instances are chosen. From any thread. */
  void onResult(String service, ServiceMember member) {
    runtime.client().loop().execute(() -> {
      ServiceWatcher watcher = watchers.get(service);
      if (watcher != null) {
        watcher.publisher().onResult(member);
      }
    });
  }

  /** Removes a watch that may still be on the server after the next connect. */
  void removeLater(WatchRegistration watch) {
    unremoved.add(watch);
  }

  public void onConnected(SessionHandle connected) {
    List<WatchRegistration> left = List.copyOf(unremoved);
    unremoved.clear();
    for (WatchRegistration watch : left) {
      if (watch.handle().equals(connected)) {
        watch.removeAgain(() -> removeLater(watch));
      }
    }
    all().forEach(watcher -> watcher.onConnected(connected));
  }

  public void onSuspect() {
    all().forEach(ServiceWatcher::onSuspect);
  }

  public void onLost() {
    unremoved.clear();
    all().forEach(ServiceWatcher::onLost);
  }

  /** Closes all views. */
  public void closeViews() {
    all().forEach(ServiceWatcher::closeViews);
  }

  private List<ServiceWatcher> all() {
    return new ArrayList<>(watchers.values());
  }
}
