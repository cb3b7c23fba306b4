package io.zookit.registry;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.registry.health.OutlierRule;
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

/** What all views of one service in one client show: the roster, told to each of them. Lives on the loop. */
final class ViewBoard implements LimboRounds.Verdicts {

  private final RegistryEngine engine;
  private final String service;
  private final Roster roster;
  private final Chronicle chronicle = new Chronicle();
  private final Set<FollowedView> views = new LinkedHashSet<>();
  private @Nullable ServiceSnapshot snapshot;
  private @Nullable Long staleSince;
  private @Nullable Subscription alarm;
  private @Nullable LimboRounds rounds;
  private Set<String> out = Set.of();
  private boolean wasRead;

  ViewBoard(RegistryEngine engine, String service) {
    this.engine = engine;
    this.service = service;
    this.roster = new Roster(engine.client().timekeeper(), OutlierRule.STANDARD);
  }

  Roster roster() {
    return roster;
  }

  /** Those in limbo are asked from now on; of several probes the first counts. */
  void probeWith(LimboProbe probe) {
    if (rounds == null) {
      rounds = new LimboRounds(
          engine.client().timekeeper(),
          engine.client().loop(),
          engine.client().lane("probes of service " + service),
          probe,
          this);
      askLimbo();
    }
  }

  /** Whether what is shown comes from ZooKeeper. */
  boolean wasRead() {
    return wasRead;
  }

  void add(FollowedView view) {
    views.add(view);
    if (snapshot == null) {
      view.saved().ifPresent(this::restore);
    } else {
      view.show(snapshot, snapshot.asAdded());
      if (staleSince != null) {
        view.toStale(staleSince);
      }
    }
    view.reportFrom(chronicle);
  }

  /** Whether somebody still looks. */
  boolean remove(FollowedView view) {
    views.remove(view);
    return !views.isEmpty();
  }

  void close() {
    endAlarm();
    pauseLimbo();
  }

  List<FollowedView> views() {
    return List.copyOf(views);
  }

  /** What an earlier run knew is shown until ZooKeeper says something. */
  private void restore(SavedView saved) {
    Timekeeper timekeeper = engine.client().timekeeper();
    Duration age = Duration.between(saved.savedAt(), timekeeper.now());
    roster.restore(saved.live());
    staleSince = timekeeper.nanos() - Math.max(0, age.toNanos());
    long since = staleSince;
    refresh(List.of());
    views.forEach(view -> view.toStale(since));
    forEachObserver(observers -> observers.onViewRestored(service, saved.nodes().size(), age));
  }

  void toStale() {
    endAlarm();
    pauseLimbo();
    if (staleSince == null) {
      long since = engine.client().timekeeper().nanos();
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
      KnownNodes known, KnownNodes.Commit commit, boolean whole, Optional<ServicePolicy> policy) {
    boolean first = !wasRead;
    wasRead = true;
    policy.ifPresent(roster::obey);
    if (first || policy.isPresent() || !commit.changes().isEmpty()) {
      engine.meters().onChanges(commit.changes().size());
      engine.meters().onSkipped(commit.skips().size());
      roster.see(known.live(), commit.changes(), known.serverTime());
      refresh(commit.changes());
      if (whole || staleSince == null) {
        views.forEach(view -> view.save(known.live()));
      }
    }
    boolean live = whole && (first || staleSince != null);
    if (whole) {
      staleSince = null;
      views.forEach(FollowedView::toLive);
      setAlarm();
      askLimbo();
    }
    if (live) {
      forEachObserver(observers -> observers.onViewLive(service, known.live().size()));
    }
  }

  /** A call of this process came to something. */
  void onResult(Member member) {
    if (roster.judge(member)) {
      refresh(List.of());
    }
  }

  /** A silence is suspicious, or not any more. */
  void suspect(String name, Optional<String> why) {
    if (roster.suspect(name, why)) {
      refresh(List.of());
    }
  }

  @Override
  public void onAlive(Member member) {
    chronicle.add(wall(), member.instance().id(), "asked in limbo: it is where it was");
  }

  @Override
  public void onDead(Member member, String why) {
    if (roster.bury(member)) {
      String id = member.instance().id();
      chronicle.add(wall(), id, "asked in limbo: " + why);
      forEachObserver(observers -> observers.onBuried(service, id, why));
      refresh(List.of());
    }
  }

  /** While ZooKeeper cannot be reached nobody is asked. */
  private void askLimbo() {
    if (rounds != null && staleSince == null && wasRead) {
      rounds.look(roster.inLimbo());
    }
  }

  private void pauseLimbo() {
    if (rounds != null) {
      rounds.pause();
    }
  }

  private void refresh(List<Change> changes) {
    ServiceSnapshot shown = roster.snapshot();
    List<Change> told = roster.changesTo(shown, changes);
    boolean first = snapshot == null;
    snapshot = shown;
    if (!first || changes.size() <= Chronicle.REMEMBERED) {
      note(shown, changes, told);
    }
    if (first) {
      views.forEach(view -> view.show(shown, shown.asAdded()));
    } else {
      views.forEach(view -> view.show(shown, told));
    }
    setAlarm();
    askLimbo();
  }

  private void note(ServiceSnapshot shown, List<Change> changes, List<Change> told) {
    Instant now = wall();
    chronicle.addAll(now, changes);
    Set<String> known = changes.stream().map(Change::id).collect(Collectors.toSet());
    chronicle.addAll(
        now, told.stream().filter(change -> !known.contains(change.id())).toList());
    Set<String> limbo = shown.limbo().stream().map(ServiceInstance::id).collect(Collectors.toSet());
    Set<String> standings = new HashSet<>();
    shown.reasons().forEach((id, reason) -> {
      if (standings.add(id + ": " + reason) && !out.contains(id + ": " + reason)) {
        chronicle.add(now, id, "not chosen: " + reason);
      }
    });
    limbo.forEach(id -> {
      if (standings.add(id + ": limbo") && !out.contains(id + ": limbo")) {
        chronicle.add(now, id, "vanished without a goodbye, remembered");
        forEachObserver(observers -> observers.onVanished(service, id));
      }
    });
    out = standings;
  }

  private Instant wall() {
    return engine.client().timekeeper().now();
  }

  /** While ZooKeeper cannot be reached nobody is forgotten. */
  private void setAlarm() {
    endAlarm();
    if (staleSince == null) {
      roster.nextDeadline().ifPresent(due -> {
        long left = Math.max(1_000_000, due - engine.client().timekeeper().nanos());
        alarm = engine.later(Duration.ofNanos(left), () -> refresh(List.of()));
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
    views.stream().map(FollowedView::observers).distinct().forEach(told);
  }
}
