package io.zookit.registry.internal.provider;

import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.BlockingCalls.Effect;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.Registration;
import io.zookit.registry.RegistrationStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.internal.runtime.RegistryObservers;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registration: what is wanted, and how far it is.
 *
 * <p>What is wanted is written by any thread; what becomes of it happens on the loop. It has at most one {@link
 * OwnedNode} at a time. When that is found missing it is given up, and the {@link ProviderService} decides about another.
 */
public final class ManagedRegistration implements Registration, OwnedNode.Listener {

  private static final Logger log = LoggerFactory.getLogger(ManagedRegistration.class);
  /** The time that closing waits for answers beyond the grace period. */
  private static final Duration CLOSE_MARGIN = Duration.ofSeconds(2);

  private final RegistryRuntime runtime;
  private final RegistryObservers observers;
  private final Duration standardGrace;
  private final AtomicReference<DesiredState> desired;
  private final CompletableFuture<Void> endedOrCutOff = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private volatile String problem = "not connected to ZooKeeper";

  // On the loop.
  private final HealthReporter health;
  private @Nullable ProviderService service;
  private @Nullable OwnedNode node;
  private final Set<ZkPath> leftBehind = new HashSet<>();
  private final GraceTimer grace;
  private boolean leaving;
  private long czxid;
  private long reportedCzxid;

  /** A registration that is not begun. */
  public ManagedRegistration(
      RegistryRuntime runtime,
      ServiceInstance instance,
      RegistryObservers observers,
      Duration standardGrace,
      HealthOptions health) {
    this.runtime = runtime;
    this.observers = observers;
    this.standardGrace = standardGrace;
    this.health = new HealthReporter(runtime, health);
    this.grace =
        new GraceTimer(runtime.client().timekeeper(), runtime.client().loop(), this::endGrace);
    this.desired = new AtomicReference<>(DesiredState.of(instance));
  }

  @Override
  public ServiceInstance instance() {
    return now().instance();
  }

  @Override
  public RegistrationStatus status() {
    return now().status();
  }

  @Override
  public Registration awaitRegistered(Duration timeout) throws InterruptedException {
    RegistryRuntime.requireNotNegative("timeout", timeout);
    DesiredState now = now();
    RegistrationStatus reached = now.status();
    if (reached == RegistrationStatus.PENDING) {
      reached = BlockingCalls.await(
          now.settled(),
          timeout,
          () ->
              new ZkTimeoutException(this + ": not registered within " + timeout + ", " + problem));
    }
    if (reached != RegistrationStatus.REGISTERED) {
      throw new ZkException(
          this + ": " + reached + (reached == RegistrationStatus.CONFLICT ? ", " + problem : ""));
    }
    return this;
  }

  @Override
  public ServiceInstance update(UnaryOperator<ServiceInstance> change) {
    DesiredState before;
    DesiredState after;
    do {
      before = now();
      if (before.isEnded()) {
        throw new IllegalStateException(this + ": " + before.status() + " (expected: not ended)");
      }
      after = before.with(change.apply(before.instance()));
    } while (!desired.compareAndSet(before, after));
    runtime.client().loop().execute(this::push);
    return after.instance();
  }

  @Override
  public CompletableFuture<Void> drain(Duration grace) {
    RegistryRuntime.requireNotNegative("grace", grace);
    DesiredState before = Objects.requireNonNull(
        desired.getAndUpdate(now -> now.isEnded() ? now : now.toLeaving(grace)));
    if (!before.isEnded()) {
      before.settled().complete(RegistrationStatus.LEAVING);
      runtime.client().loop().execute(() -> leave(before.status()));
    }
    return gone.copy();
  }

  /**
   * The client is closed, or an operator wants it to end: it ends with the registry's grace, also when a longer one has
   * begun. On the loop.
   */
  void drainNow() {
    drain(standardGrace);
    desired.updateAndGet(
        now -> now.grace().compareTo(standardGrace) > 0 ? now.withGrace(standardGrace) : now);
    grace.shortenTo(standardGrace);
  }

  @Override
  public void close() {
    drain(standardGrace);
    awaitEnd(endedOrCutOff, closeTimeout());
  }

  /** Returns the longest time that closing waits. */
  Duration closeTimeout() {
    return Timeouts.sum(now().grace(), CLOSE_MARGIN);
  }

  /** Waits for the end of registrations within a limit; an interrupt ends the wait. */
  static void awaitEnd(CompletableFuture<Void> end, Duration limit) {
    try {
      BlockingCalls.await(end, limit, "close", Effect.UNKNOWN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ZkUnavailableException e) {
      log.debug("not answered in time, ends with the session", e);
    }
  }

  /** Done when it is over, or ZooKeeper cannot be reached and there is nothing to wait for. */
  CompletableFuture<Void> endedOrCutOff() {
    return endedOrCutOff;
  }

  void begin(ProviderService service) {
    this.service = service;
    if (!now().isEnded()) {
      health.begin(service.place(), this);
      service.requestNode(this);
    }
  }

  /** Tells if there ever was a node of this registration. */
  boolean hadNode() {
    return czxid != 0;
  }

  /** Returns the name of the node, if it certainly exists. */
  Optional<String> nodeName() {
    ZkPath path = node == null ? null : node.ownedPath();
    return path == null ? Optional.empty() : Optional.of(path.name());
  }

  /** Makes a node, if one is still wanted. */
  void createNode(String bucket) {
    if (now().isEnded()) {
      return;
    }
    ServicePaths place = service().place();
    String id = instance().id();
    problem = "no answer from ZooKeeper yet";
    node = runtime
        .nodes()
        .own(
            place.folders(bucket),
            incarnation ->
                place.node(new NodeRef(bucket, new NodeName(id, incarnation).toString())),
            now().data(),
            this);
  }

  boolean isSupersededBy(DuplicateIdCheck.DuplicateNode other) {
    return other.czxid() > czxid;
  }

  /** Another provider has the id, and this registration has no node to return to. */
  void onSuperseded(DuplicateIdCheck.DuplicateNode other) {
    conflict(other);
  }

  /** Handles the result of a duplicate check that ran while the own node exists. */
  void onChecked(DuplicateIdCheck.@Nullable DuplicateNode other) {
    if (node == null) {
      return;
    }
    if (other != null && isSupersededBy(other)) {
      conflict(other);
    } else if (other != null) {
      report(other, instance().address(), other.instance().address());
    } else if (move(RegistrationStatus.CONFLICT, RegistrationStatus.REGISTERED)) {
      runtime.meters().onRegistered();
      observers.onRegistered(instance());
    }
  }

  @Override
  public void onOwned(ZkPath path, Stat stat) {
    czxid = stat.getCzxid();
    removeLeftBehind();
    health.onOwned(path);
    service().onRegistered();
    if (move(RegistrationStatus.PENDING, RegistrationStatus.REGISTERED)
        || move(RegistrationStatus.CONFLICT, RegistrationStatus.REGISTERED)) {
      runtime.meters().onRegistered();
      observers.onRegistered(instance());
    }
  }

  @Override
  public void onMissing(String reason) {
    OwnedNode missing = node;
    node = null;
    if (missing != null) {
      missing.close();
    }
    if (leaving) {
      toGone();
      return;
    }
    if (move(RegistrationStatus.REGISTERED, RegistrationStatus.PENDING)) {
      runtime.meters().onUnregistered();
    }
    problem = reason;
    runtime.meters().onMissing();
    observers.onMissing(instance(), reason);
    service().requestNode(this);
  }

  @Override
  public void onLeftBehind(ZkPath path) {
    leftBehind.add(path);
  }

  @Override
  public void onWritten() {
    if (leaving) {
      grace.begin(now().grace());
    }
  }

  @Override
  public void onRetry(Code code) {
    if (code == Code.CONNECTIONLOSS || code == Code.SESSIONEXPIRED) {
      return; // tried again in the next connection
    }
    onRefused("ZooKeeper answered " + code);
    if (leaving) {
      grace.begin(now().grace()); // the goodbye cannot be stored; the node goes anyway
    }
  }

  /** It cannot be registered now; that is tried again. */
  void onRefused(String reason) {
    problem = reason;
    observers.onRetry(instance(), reason);
  }

  void onCutOff() {
    if (now().isEnded()) {
      endedOrCutOff.complete(null);
    }
  }

  private DesiredState now() {
    return Objects.requireNonNull(desired.get());
  }

  private ProviderService service() {
    return Objects.requireNonNull(service);
  }

  private boolean move(RegistrationStatus from, RegistrationStatus to) {
    DesiredState before = Objects.requireNonNull(
        desired.getAndUpdate(now -> now.status() == from ? now.to(to) : now));
    if (before.status() != from) {
      return false;
    }
    if (from == RegistrationStatus.PENDING) {
      before.settled().complete(to);
    }
    return true;
  }

  private void conflict(DuplicateIdCheck.DuplicateNode other) {
    problem = "the id is used at " + other.instance().address() + " too, which is newer";
    if (move(RegistrationStatus.REGISTERED, RegistrationStatus.CONFLICT)) {
      runtime.meters().onUnregistered();
    }
    move(RegistrationStatus.PENDING, RegistrationStatus.CONFLICT);
    report(other, other.instance().address(), instance().address());
  }

  private void report(DuplicateIdCheck.DuplicateNode other, String newer, String older) {
    if (other.czxid() != reportedCzxid) {
      reportedCzxid = other.czxid();
      runtime.meters().onConflict();
      observers.onConflict(instance().service(), instance().id(), newer, older);
    }
  }

  /** Sets the status from the verdict of the health checks. Callable from any thread. */
  void report(boolean healthy) {
    InstanceStatus status = healthy ? InstanceStatus.UP : InstanceStatus.DOWN;
    desired.updateAndGet(now -> now.isEnded() ? now : now.with(now.instance().withStatus(status)));
    runtime.client().loop().execute(this::push);
  }

  private void push() {
    if (node != null && !now().isEnded()) {
      node.update(now().data());
    }
  }

  private void leave(RegistrationStatus before) {
    DesiredState now = now();
    if (before == RegistrationStatus.REGISTERED) {
      runtime.meters().onUnregistered();
    }
    leaving = true;
    health.end();
    service().withdraw(this);
    if (node == null) {
      toGone();
      return;
    }
    observers.onLeaving(now.instance(), now.grace());
    node.retire(now.farewell());
    if (runtime.connected().isEmpty()) {
      onCutOff();
    }
  }

  /** Deletes the nodes left behind; only once another node exists, so that the instance is visible at all times. */
  private void removeLeftBehind() {
    leftBehind.forEach(runtime::delete);
    leftBehind.clear();
  }

  private void endGrace() {
    OwnedNode last = node;
    ZkPath path = last == null ? null : last.ownedPath();
    if (last == null || path == null) {
      return; // found missing, and over
    }
    SessionHandle session = runtime.connected().orElse(null);
    last.close().thenRun(() -> {
      if (session == null || session.isOver()) {
        onLeftBehind(path);
      }
      toGone();
    });
  }

  private void toGone() {
    if (status() == RegistrationStatus.GONE) {
      return;
    }
    desired.updateAndGet(now -> now.to(RegistrationStatus.GONE));
    node = null;
    grace.stop();
    removeLeftBehind();
    service().forget(this);
    runtime.meters().onUnwanted();
    observers.onGone(instance());
    endedOrCutOff.complete(null);
    observers.afterwards(() -> gone.complete(null));
  }

  @Override
  public String toString() {
    ServiceInstance instance = instance();
    return "registration " + instance.service() + "/" + instance.id();
  }
}
