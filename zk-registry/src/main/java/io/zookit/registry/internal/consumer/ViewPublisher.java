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
import io.zookit.registry.internal.selection.SelectionInputs;
import io.zookit.registry.internal.selection.SelectionResult;
import io.zookit.registry.internal.selection.SelectionTime;
import io.zookit.registry.internal.selection.ServiceEventLog;
import io.zookit.registry.internal.selection.ServiceMember;
import io.zookit.registry.internal.selection.ServiceSnapshot;
import io.zookit.registry.internal.selection.SuspicionLevels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the selection of one service to all its views in one client: selects again after each event that may change
 * it.
 *
 * <p><i>Threads:</i> used on the loop.
 */
final class ViewPublisher implements QuarantineProber.ProbeListener {

  /** Source of the instances that are shown. */
  private enum ViewSource {
    /** Nothing is shown yet. */
    NONE,
    /** The view that an earlier run of this process saved. */
    FILE,
    ZOOKEEPER
  }

  private final RegistryRuntime runtime;
  private final String service;
  private final ServiceEventLog events = new ServiceEventLog();
  private final SuspicionLevels suspicions = new SuspicionLevels();
  private final Set<LiveServiceView> views = new LinkedHashSet<>();
  private SelectionResult selection;
  private @Nullable Long staleSince;
  private @Nullable Subscription alarm;
  private @Nullable QuarantineProber prober;
  private ViewSource source = ViewSource.NONE;

  ViewPublisher(RegistryRuntime runtime, String service) {
    this.runtime = runtime;
    this.service = service;
    this.selection = SelectionResult.none(OutlierRule.STANDARD, moment());
  }

  SelectionResult selection() {
    return selection;
  }

  SuspicionLevels suspicions() {
    return suspicions;
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
    return source == ViewSource.ZOOKEEPER;
  }

  void add(LiveServiceView view) {
    views.add(view);
    if (source == ViewSource.NONE) {
      view.saved().ifPresent(this::restore);
    } else {
      ServiceSnapshot snapshot = selection.snapshot();
      view.show(snapshot, snapshot.asAdded());
      if (staleSince != null) {
        view.toStale(staleSince);
      }
    }
    view.reportFrom(events, suspicions);
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
    long since = timekeeper.nanos() - Math.max(0, age.toNanos());
    staleSince = since;
    source = ViewSource.FILE;
    publish(selection.inputs().withRestored(saved.live(), moment()), List.of(), true);
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
   * Takes up what a read has changed.
   *
   * @param whole whether all of the service was read
   */
  void onRead(ServiceCache.CacheUpdate update, boolean whole) {
    boolean first = !wasRead();
    boolean shown = source != ViewSource.NONE;
    source = ViewSource.ZOOKEEPER;
    if (first || update.policy().isPresent() || !update.changes().isEmpty()) {
      runtime.meters().onChanges(update.changes().size());
      runtime.meters().onSkipped(update.skips().size());
      SelectionInputs inputs = selection
          .inputs()
          .withNodes(update.live(), update.serverTime())
          .withPolicy(update.policy().orElse(selection.inputs().policy()));
      publish(inputs, update.changes(), !shown);
      if (whole || staleSince == null) {
        views.forEach(view -> view.save(update.live()));
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
      forEachObserver(observers -> observers.onViewLive(service, update.live().size()));
    }
  }

  /** A call of this process came to something. */
  void onResult(ServiceMember member) {
    publishIfChanged(selection.afterCall(member, moment()));
  }

  /** A silence is suspicious, or not any more. */
  void suspect(String name, Optional<String> why) {
    publishIfChanged(selection.inputs().withSuspicion(name, why));
  }

  @Override
  public void onAlive(ServiceMember member) {
    events.add(wall(), member.instance().id(), "asked in quarantine: it is where it was");
  }

  @Override
  public void onDead(ServiceMember member, String why) {
    SelectionInputs left = selection.inputs().withoutVanished(member);
    if (left != selection.inputs()) {
      String id = member.instance().id();
      events.add(wall(), id, "asked in quarantine: " + why);
      forEachObserver(observers -> observers.onConfirmedDead(service, id, why));
      publish(left, List.of(), false);
    }
  }

  /** Probes the vanished instances, except while ZooKeeper cannot be reached. */
  private void startProbes() {
    if (prober != null && staleSince == null && wasRead()) {
      prober.probe(selection.vanished());
    }
  }

  private void pauseProbes() {
    if (prober != null) {
      prober.pause();
    }
  }

  private void publishIfChanged(SelectionInputs inputs) {
    if (inputs != selection.inputs()) {
      publish(inputs, List.of(), false);
    }
  }

  /**
   * Selects and shows the result.
   *
   * @param changes of the nodes
   * @param first whether nothing was shown before
   */
  private void publish(SelectionInputs inputs, List<InstanceChange> changes, boolean first) {
    ServiceSnapshot before = selection.snapshot();
    selection = InstanceSelection.select(selection, inputs, changes, moment());
    ServiceSnapshot shown = selection.snapshot();
    if (!first || changes.size() <= ServiceEventLog.REMEMBERED) {
      note(changes);
    }
    note(before, shown);
    List<InstanceChange> differences = first ? shown.asAdded() : selection.changes();
    views.forEach(view -> view.show(shown, differences));
    setAlarm();
    startProbes();
  }

  private void note(List<InstanceChange> changes) {
    Instant now = wall();
    events.addAll(now, changes);
    if (selection.changes().isEmpty()) {
      return;
    }
    Set<String> known = new HashSet<>();
    for (InstanceChange change : changes) {
      known.add(change.id());
    }
    List<InstanceChange> others = new ArrayList<>();
    for (InstanceChange change : selection.changes()) {
      if (!known.contains(change.id())) {
        others.add(change);
      }
    }
    events.addAll(now, others);
  }

  /** Notes which instances are no longer chosen, and why. */
  private void note(ServiceSnapshot before, ServiceSnapshot shown) {
    Instant now = wall();
    shown.reasons().forEach((id, reason) -> {
      if (!reason.equals(before.reasons().get(id))) {
        events.add(now, id, "not chosen: " + reason);
      }
    });
    if (shown.vanished().isEmpty()) {
      return;
    }
    Set<String> known =
        before.vanished().stream().map(ServiceInstance::id).collect(Collectors.toSet());
    for (ServiceInstance vanished : shown.vanished()) {
      String id = vanished.id();
      if (!known.contains(id)) {
        events.add(now, id, "vanished without a goodbye, remembered");
        forEachObserver(observers -> observers.onVanished(service, id));
      }
    }
  }

  private SelectionTime moment() {
    return SelectionTime.of(runtime.client().timekeeper());
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
      SelectionTime now = moment();
      selection.nextDeadline(now).ifPresent(due -> {
        long left = Math.max(1_000_000, due - now.nanos());
        alarm = runtime.later(
            Duration.ofNanos(left), () -> publish(selection.inputs(), List.of(), false));
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
