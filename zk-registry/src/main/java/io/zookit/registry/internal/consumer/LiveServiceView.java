package io.zookit.registry.internal.consumer;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.registry.InstanceReport;
import io.zookit.registry.NoInstanceException;
import io.zookit.registry.Pick;
import io.zookit.registry.PickReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.ServiceView;
import io.zookit.registry.balance.Balancer;
import io.zookit.registry.balance.KeyHash;
import io.zookit.registry.health.OutlierRule;
import io.zookit.registry.internal.runtime.RegistryObservers;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.selection.Ejections;
import io.zookit.registry.internal.selection.InstanceChange;
import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.selection.PickExplainer;
import io.zookit.registry.internal.selection.ServiceEventLog;
import io.zookit.registry.internal.selection.ServiceMember;
import io.zookit.registry.internal.selection.ServiceSnapshot;
import io.zookit.registry.internal.selection.SuspicionLevels;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A view as its users see it: shown what its {@link ServiceWatcher} knows, on the loop. */
public final class LiveServiceView implements ServiceView {

  private static final Duration SAVE_AFTER = Duration.ofSeconds(1);
  private static final int PROBATION_TRIES = 8;

  /** The snapshot that is shown, and the rule with the routes that apply to it. */
  private record Shown(ServiceSnapshot snapshot, Balancer rule) {}

  private final String service;
  private final ServiceWatchers watchers;
  private final RegistryRuntime runtime;
  private final RegistryObservers observers;
  private final LiveCell<ServiceSnapshot> cell;
  private final Balancer rule;
  private final Optional<ViewFile> file;
  private final Optional<SavedView> saved;
  private final Timekeeper timekeeper;
  private final SerialLane saving;
  private final Consumer<ServiceMember> onResult = this::onResult;
  private final AtomicReference<@Nullable List<LiveNode>> unsaved = new AtomicReference<>();
  private final AtomicBoolean savingSoon = new AtomicBoolean();
  private final Set<ListenerSubscription> listeners = new LinkedHashSet<>();

  /** As in the cell, or with others to be chosen. */
  private volatile @Nullable Shown shown;

  private volatile @Nullable ServiceEventLog events;
  private volatile @Nullable SuspicionLevels suspicions;

  public LiveServiceView(
      String service,
      ServiceWatchers watchers,
      RegistryObservers observers,
      Balancer rule,
      Optional<ViewFile> file) {
    this.service = service;
    this.watchers = watchers;
    this.runtime = watchers.runtime();
    this.observers = observers;
    this.rule = rule;
    this.file = file;
    this.timekeeper = runtime.client().timekeeper();
    this.saving = runtime.client().lane("file of service " + service);
    this.saved = file.flatMap(each -> each.read(timekeeper, runtime.incarnation()));
    this.cell =
        new LiveCell<>("service " + service, timekeeper, this::lane, () -> watchers.unfollow(this));
  }

  RegistryObservers observers() {
    return observers;
  }

  /** Returns the view that an earlier run of this process saved, if it is usable. */
  Optional<SavedView> saved() {
    return saved;
  }

  /** Saves the live nodes for a later run. */
  void save(List<LiveNode> live) {
    unsaved.set(live);
    if (file.isPresent() && savingSoon.compareAndSet(false, true)) {
      runtime.later(SAVE_AFTER, () -> saving.execute(this::writeFile));
    }
  }

  private void writeFile() {
    savingSoon.set(false);
    List<LiveNode> live = unsaved.getAndSet(null);
    Optional<Long> incarnation = runtime.incarnation();
    if (live != null && incarnation.isPresent()) {
      SavedView view = SavedView.of(service, incarnation.get(), timekeeper.now(), live);
      file.ifPresent(kept -> kept.write(view));
    }
  }

  void reportFrom(ServiceEventLog lines, SuspicionLevels levels) {
    events = lines;
    suspicions = levels;
  }

  void show(ServiceSnapshot snapshot, List<InstanceChange> changes) {
    Shown before = shown;
    if (before != null && before.snapshot.routes().equals(snapshot.routes())) {
      shown = new Shown(snapshot, before.rule);
    } else {
      shown = new Shown(snapshot, rule.routedBy(snapshot.routes()));
    }
    if (before == null || !changes.isEmpty()) {
      cell.set(snapshot);
    }
    if (!listeners.isEmpty()) {
      tell(before, snapshot, changes);
    }
  }

  private void tell(@Nullable Shown before, ServiceSnapshot now, List<InstanceChange> changes) {
    List<ServiceInstance> rotation = now.inRotation();
    boolean others = before == null || !before.snapshot.inRotation().equals(rotation);
    for (ListenerSubscription listener : listeners) {
      listener.offer(changes);
      if (others) {
        listener.offerRotation(rotation);
      }
    }
  }

  void toStale(long since) {
    cell.toStale(since);
  }

  void toLive() {
    cell.toLive();
  }

  @Override
  public String service() {
    return service;
  }

  @Override
  public ServiceInstance choose() {
    Shown now = now();
    return member(now, now.rule, anyKey()).instance();
  }

  @Override
  public ServiceInstance choose(String key) {
    Shown now = now();
    return member(now, now.rule, KeyHash.of(key)).instance();
  }

  @Override
  public ServiceInstance choose(Balancer balancer) {
    return member(now(), balancer, anyKey()).instance();
  }

  @Override
  public Pick pick() {
    Shown now = now();
    return pick(now, now.rule, anyKey());
  }

  @Override
  public Pick pick(String key) {
    Shown now = now();
    return pick(now, now.rule, KeyHash.of(key));
  }

  @Override
  public Pick pick(Balancer balancer) {
    return pick(now(), balancer, anyKey());
  }

  /** One on probation has one call at a time, as long as there is another. */
  private Pick pick(Shown now, Balancer balancer, long key) {
    long nanos = timekeeper.nanos(); // read once: it costs as much as the rest of a choice
    ServiceMember chosen =
        chosen(now, balancer, balancer.choose(now.snapshot.candidates(), key, nanos));
    for (int i = 0; i < PROBATION_TRIES && isBusyOnProbation(chosen, nanos); i++) {
      chosen = member(now, balancer, anyKey());
    }
    return new TrackedPick(chosen, nanos, timekeeper, onResult);
  }

  private static boolean isBusyOnProbation(ServiceMember member, long nanos) {
    return member.onProbation() && member.stats().inFlight(nanos) > 0;
  }

  private void onResult(ServiceMember member) {
    if (Ejections.isRemarkable(member, OutlierRule.STANDARD)) {
      watchers.onResult(service, member);
    }
  }

  private static long anyKey() {
    return ThreadLocalRandom.current().nextLong();
  }

  private Shown now() {
    Shown now = shown;
    if (now == null || now.snapshot.usable().isEmpty()) {
      throw new NoInstanceException(this + ": " + whyNone(now));
    }
    return now;
  }

  private ServiceMember member(Shown now, Balancer balancer, long key) {
    return chosen(now, balancer, balancer.choose(now.snapshot.candidates(), key));
  }

  private ServiceMember chosen(Shown now, Balancer balancer, int index) {
    if (index == Balancer.NONE) {
      throw new NoInstanceException(this + ": none of " + now.snapshot.usable().size()
          + " that may be chosen is admitted by the rule: " + balancer);
    }
    return now.snapshot.usable().get(index);
  }

  private String whyNone(@Nullable Shown now) {
    if (now == null) {
      return "not read yet";
    }
    Duration age = cell.age();
    return now.snapshot.describe()
        + (age.isZero() ? "" : ", as was known " + age.toMillis() + " ms ago");
  }

  @Override
  public List<ServiceInstance> vanished() {
    Shown now = shown;
    return now == null ? List.of() : now.snapshot.vanished();
  }

  @Override
  public List<ServiceInstance> inRotation() {
    Shown now = shown;
    return now == null ? List.of() : now.snapshot.inRotation();
  }

  @Override
  public PickReport explainPick(String key) {
    Shown now = shown;
    return now == null
        ? new PickReport(rule.toString(), Optional.empty(), List.of())
        : PickExplainer.pick(now.snapshot, now.rule, KeyHash.of(key));
  }

  @Override
  public InstanceReport explain(String id) {
    Shown now = shown;
    ServiceEventLog lines = events;
    SuspicionLevels levels = suspicions;
    return PickExplainer.instance(
        id,
        now == null ? null : now.snapshot,
        lines == null ? List.of() : lines.of(id),
        levels == null ? OptionalDouble.empty() : levels.of(id));
  }

  @Override
  public List<ServiceInstance> current() {
    return cell.current().instances();
  }

  @Override
  public Optional<List<ServiceInstance>> latest() {
    return cell.latest().map(ServiceSnapshot::instances);
  }

  @Override
  public ServiceView awaitReady(Duration timeout) throws InterruptedException {
    cell.awaitReady(RegistryRuntime.requireNotNegative("timeout", timeout));
    return this;
  }

  @Override
  public Duration age() {
    return cell.age();
  }

  @Override
  public Subscription subscribe(Consumer<? super List<ServiceInstance>> listener) {
    return cell.subscribe(snapshot -> listener.accept(snapshot.instances()));
  }

  @Override
  public Subscription subscribe(ServiceListener listener) {
    SerialLane loop = runtime.client().loop();
    ListenerSubscription[] added = new ListenerSubscription[1];
    ListenerSubscription follower = new ListenerSubscription(
        service, listener, lane(), () -> loop.execute(() -> listeners.remove(added[0])));
    added[0] = follower;
    loop.execute(() -> {
      listeners.add(follower);
      Shown now = shown;
      if (now != null) {
        follower.offer(now.snapshot.asAdded());
        follower.offerRotation(now.snapshot.inRotation());
      }
    });
    return follower;
  }

  private SerialLane lane() {
    return runtime.client().lane("listener of service " + service);
  }

  @Override
  public void close() {
    cell.close();
    runtime
        .client()
        .loop()
        .execute(() -> Set.copyOf(listeners).forEach(ListenerSubscription::close));
  }

  @Override
  public String toString() {
    return "service " + service;
  }
}
