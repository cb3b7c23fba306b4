package io.zookit.registry;

import io.zookit.core.Subscription;
import io.zookit.core.internal.LiveCell;
import io.zookit.core.internal.SerialLane;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A view as its users see it: shown what its {@link ServiceFollower} knows, on the loop. */
final class FollowedView implements ServiceView {

  private final String service;
  private final RegistryEngine engine;
  private final RegistryObservers observers;
  private final LiveCell<ServiceSnapshot> cell;
  private final Balancer inTurn = Balancer.roundRobin();
  private final Set<ChangeFollower> listeners = new LinkedHashSet<>();

  /** The same as in the cell, without an {@link Optional} around it. */
  private volatile @Nullable ServiceSnapshot shown;

  FollowedView(String service, RegistryEngine engine, RegistryObservers observers) {
    this.service = service;
    this.engine = engine;
    this.observers = observers;
    this.cell = new LiveCell<>(
        "service " + service,
        engine.client().timekeeper(),
        this::lane,
        () -> engine.unfollow(this));
  }

  RegistryObservers observers() {
    return observers;
  }

  void show(ServiceSnapshot snapshot, List<Change> changes) {
    shown = snapshot;
    cell.set(snapshot);
    listeners.forEach(listener -> listener.offer(changes));
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
    return choose(inTurn);
  }

  @Override
  public ServiceInstance choose(Balancer balancer) {
    ServiceSnapshot now = shown;
    if (now == null || now.usable().size() == 0) {
      throw new NoInstanceException(this + ": " + whyNone(now));
    }
    return balancer.choose(now.usable());
  }

  private String whyNone(@Nullable ServiceSnapshot now) {
    if (now == null) {
      return "not read yet";
    }
    Duration age = cell.age();
    return now.describe() + (age.isZero() ? "" : ", as was known " + age.toMillis() + " ms ago");
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
    cell.awaitReady(RegistryEngine.requireNotNegative("timeout", timeout));
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
    SerialLane loop = engine.client().loop();
    ChangeFollower[] added = new ChangeFollower[1];
    ChangeFollower follower = new ChangeFollower(
        service, listener, lane(), () -> loop.execute(() -> listeners.remove(added[0])));
    added[0] = follower;
    loop.execute(() -> {
      listeners.add(follower);
      ServiceSnapshot now = shown;
      if (now != null) {
        follower.offer(now.asAdded());
      }
    });
    return follower;
  }

  private SerialLane lane() {
    return engine.client().lane("listener of service " + service);
  }

  @Override
  public void close() {
    cell.close();
    engine.client().loop().execute(() -> Set.copyOf(listeners).forEach(ChangeFollower::close));
  }

  @Override
  public String toString() {
    return "service " + service;
  }
}
