package io.zookit.registry.internal.consumer;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.registry.InstanceProbe;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.health.OutlierRule;
import io.zookit.registry.internal.runtime.RegistryObservers;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.selection.InstanceChange;
import io.zookit.registry.internal.selection.InstanceSelection;
import io.zookit.registry.internal.selection.ServiceEventLog;
import io.zookit.registry.internal.selection.ServiceMember;
import io.zookit.registry.internal.selection.ServiceSnapshot;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Publishes the selection of one service to all its views in one client. Confined to the loop. */
final class ViewPublisher implements QuarantineProber.ProbeListener {

  private final RegistryRuntime runtime;
  private final String service;
  private final InstanceSelection selection;
  private final ServiceEventLog events = new ServiceEventLog();
  private final Set<LiveServiceView> views = new LinkedHashSet<>();
  private @Nullable ServiceSnapshot snapshot;
  private @Nullable Long staleSince;
  private @Nullable Subscription alarm;
  private @Nullable QuarantineProber prober;
  private Set<String> out = Set.of();
  private boolean wasRead;

  ViewPublisher(RegistryRuntime runtime, String service) {
    this.runtime = runtime;
    this.service = service;
    this.selection = new InstanceSelection(runtime.client().timekeeper(), OutlierRule.STANDARD);
  }

  InstanceSelection selection() {
    return selection;
  }

  /** Starts probing the instances in quarantine; of several probes the first is used. */
  void probeWith(InstanceProbe probe) {
    if (prober == null) {
      prober = new QuarantineProber(
          runtime.client().timekeeper(),
          runtime.client().loop(),
          runtime.client().lane("probes of service " + service),
          probe,
          this);
      startProbes();
    }
  }

  /** Tells if what is shown comes from ZooKeeper. */
  boolean wasRead() {
    return wasRead;
  }

  void add(LiveServiceView view) {
    views.add(view);
    if (snapshot == null) {
      view.saved().ifPresent(this::restore);
    } else {
      view.show(snapshot, snapshot.asAdded());
      if (staleSince != null) {
        view.toStale(staleSince);
      }
    }
    view.reportFrom(events);
  }

  /** Removes a view and returns whether others remain. */
  boolean remove(LiveServiceView view) {
    views.remove(view);
    return !views.isEmpty();
  }

  void close() {
    endAlarm();
    pauseProbes();
  }

  List<LiveServiceView> views() {
    return List.copyOf(views);
  }

  /** Shows the saved view of an earlier run until ZooKeeper answers. */
  private void restore(SavedView saved) {
    Timekeeper timekeeper = runtime.client().timekeeper();
    Duration age = Duration.between(saved.savedAt(), timekeeper.now());
    selection.restore(saved.live());
    staleSince = timekeeper.nanos() - Math.max(0, age.toNanos());
    long since = staleSince;
    refresh(List.of());
    views.forEach(view -> view.toStale(since));
    forEachObserver(observers -> observers.onViewRestored(service, saved.nodes().size(), age));
  }

  void toStale() {
    endAlarm();
    pauseProbes();
    if (staleSince == null) {
      long since = runtime.client().timekeeper().nanos();
      staleSince = since;
      forEachObserver(observers -> observers.onViewStale(service));
      views.forEach(view -> view.toStale(since));
    }
  }

  /**
   * ZooKeeper was read.
   *
   * @param whole whether all of the service was
   * @param policy what operators say, if that was read
   */
  void onRead(
      ServiceCache known,
      ServiceCache.CacheUpdate commit,
      boolean whole,
      Optional<ServicePolicy> policy) {
    boolean first = !wasRead;
    wasRead = true;
    policy.ifPresent(selection::applyPolicy);
    if (first || policy.isPresent() || !commit.changes().isEmpty()) {
      runtime.meters().onChanges(commit.changes().size());
      runtime.meters().onSkipped(commit.skips().size());
      selection.update(known.live(), commit.changes(), known.serverTime());
      refresh(commit.changes());
      if (whole || staleSince == null) {
        views.forEach(view -> view.save(known.live()));
      }
    }
    boolean live = whole && (first || staleSince != null);
    if (whole) {
      staleSince = null;
      views.forEach(LiveServiceView::toLive);
      setAlarm();
      startProbes();
    }
    if (live) {
      forEachObserver(observers -> observers.onViewLive(service, known.live().size()));
    }
  }

  /** A call of this process came to something. */
  void onResult(ServiceMember member) {
    if (selection.onCallResult(member)) {
      refresh(List.of());
    }
  }

  /** A silence is suspicious, or not any more. */
  void suspect(String name, Optional<String> why) {
    if (selection.suspect(name, why)) {
      refresh(List.of());
    }
  }

  @Override
  public void onAlive(ServiceMember member) {
    events.add(wall(), member.instance().id(), "asked in quarantine: it is where it was");
  }

  @Override
  public void onDead(ServiceMember member, String why) {
    if (selection.removeVanished(member)) {
      String id = member.instance().id();
      events.add(wall(), id, "asked in quarantine: " + why);
      forEachObserver(observers -> observers.onConfirmedDead(service, id, why));
      refresh(List.of());
    }
  }

  /** Probes the vanished instances, except while ZooKeeper cannot be reached. */
  private void startProbes() {
    if (prober != null && staleSince == null && wasRead) {
      prober.probe(selection.vanished());
    }
  }

  private void pauseProbes() {
    if (prober != null) {
      prober.pause();
    }
  }

  private void refresh(List<InstanceChange> changes) {
    ServiceSnapshot shown = selection.snapshot();
    List<InstanceChange> told = selection.changesTo(shown, changes);
    boolean first = snapshot == null;
    snapshot = shown;
    if (!first || changes.size() <= ServiceEventLog.REMEMBERED) {
      note(shown, changes, told);
    }
    if (first) {
      views.forEach(view -> view.show(shown, shown.asAdded()));
    } else {
      views.forEach(view -> view.show(shown, told));
    }
    setAlarm();
    startProbes();
  }

  private void note(
      ServiceSnapshot shown, List<InstanceChange> changes, List<InstanceChange> told) {
    Instant now = wall();
    events.addAll(now, changes);
    Set<String> known = changes.stream().map(InstanceChange::id).collect(Collectors.toSet());
    events.addAll(
        now, told.stream().filter(change -> !known.contains(change.id())).toList());
    Set<String> vanished =
        shown.vanished().stream().map(ServiceInstance::id).collect(Collectors.toSet());
    Set<String> standings = new HashSet<>();
    shown.reasons().forEach((id, reason) -> {
      if (standings.add(id + ": " + reason) && !out.contains(id + ": " + reason)) {
        events.add(now, id, "not chosen: " + reason);
      }
    });
    vanished.forEach(id -> {
      if (standings.add(id + ": vanished") && !out.contains(id + ": vanished")) {
        events.add(now, id, "vanished without a goodbye, remembered");
        forEachObserver(observers -> observers.onVanished(service, id));
      }
    });
    out = standings;
  }

  private Instant wall() {
    return runtime.client().timekeeper().now();
  }

  /**
   * Schedules the next deadline of the selection; none while ZooKeeper cannot be reached, so that no instance is
   * forgotten.
   */
  private void setAlarm() {
    endAlarm();
    if (staleSince == null) {
      selection.nextDeadline().ifPresent(due -> {
        long left = Math.max(1_000_000, due - runtime.client().timekeeper().nanos());
        alarm = runtime.later(Duration.ofNanos(left), () -> refresh(List.of()));
      });
    }
  }

  private void endAlarm() {
    if (alarm != null) {
      alarm.close();
      alarm = null;
    }
  }

  void forEachObserver(Consumer<RegistryObservers> told) {
    views.stream().map(LiveServiceView::observers).distinct().forEach(told);
  }
}
