package io.zookit.registry.internal.provider;

import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.BlockingCalls.Effect;
import io.zookit.core.internal.request.Scope;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.Registration;
import io.zookit.registry.RegistrationStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.internal.provider.RegistrationStage.LeavingStage;
import io.zookit.registry.internal.provider.RegistrationStage.PendingStage;
import io.zookit.registry.internal.runtime.RegistryObservers;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
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
 * <p>It has one {@link RegistrationState}, and each change of it is a transition of its own: any thread may change what
 * is wanted, everything else happens on the loop. The effects of a transition follow it, in the thread that made it. It
 * has at most one {@link OwnedNode} at a time. When that is found missing it is closed, and the {@link ProviderService}
 * decides about another.
 */
public final class ManagedRegistration implements Registration, OwnedNode.Listener {

  private static final Logger log = LoggerFactory.getLogger(ManagedRegistration.class);

  /** The time that closing waits for answers beyond the grace period. */
  private static final Duration CLOSE_MARGIN = Duration.ofSeconds(2);

  private final RegistryRuntime runtime;
  private final RegistryObservers observers;
  private final Duration standardGrace;
  private final HealthReporter health;
  private final InstanceNodeWriter writer;
  private final AtomicReference<RegistrationState> state;
  private final CompletableFuture<Void> endedOrCutOff = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private @Nullable ProviderService service;
  private @Nullable Scope grace;

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
    this.writer = new InstanceNodeWriter(runtime, this);
    this.state = new AtomicReference<>(RegistrationState.of(instance));
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
    RegistrationStatus reached = now().stage() instanceof PendingStage pending
        ? BlockingCalls.await(pending.settled(), timeout, () -> notRegisteredWithin(timeout))
        : status();
    if (reached != RegistrationStatus.REGISTERED) {
      String problem = now().problem();
      throw new ZkException(this + ": " + reached
          + (reached == RegistrationStatus.CONFLICT && !problem.isEmpty() ? ", " + problem : ""));
    }
    return this;
  }

  private ZkTimeoutException notRegisteredWithin(Duration timeout) {
    return new ZkTimeoutException(
        this + ": not registered within " + timeout + ", " + now().problem());
  }

  @Override
  public ServiceInstance update(UnaryOperator<ServiceInstance> change) {
    RegistrationState before;
    RegistrationState after;
    do {
      before = now();
      if (before.isEnded()) {
        throw new IllegalStateException(this + ": " + before.status() + " (expected: not ended)");
      }
      after = before.withInstance(change.apply(before.instance()));
    } while (!state.compareAndSet(before, after));
    runtime.client().loop().execute(this::push);
    return after.instance();
  }

  @Override
  public CompletableFuture<Void> drain(Duration grace) {
    RegistryRuntime.requireNotNegative("grace", grace);
    if (move(now -> now.toLeaving(grace)) != null) {
      runtime.client().loop().execute(this::leave);
    }
    return gone.copy();
  }

  /**
   * The client is closed, or an operator wants it to end: it ends with the registry's grace, also when a longer one has
   * begun. On the loop.
   */
  void drainNow() {
    drain(standardGrace);
    if (move(now -> now.withGraceOfAtMost(standardGrace, nanos())) != null) {
      awaitGrace();
    }
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
    return now().trace().czxid() != 0;
  }

  /** Returns the name of the node, if it certainly exists. */
  Optional<String> nodeName() {
    OwnedNode node = now().node();
    ZkPath path = node == null ? null : node.ownedPath();
    return path == null ? Optional.empty() : Optional.of(path.name());
  }

  /** Creates a node, if one is still wanted. */
  void createNode(String bucket) {
    RegistrationState wanted = now();
    if (wanted.isEnded()) {
      return;
    }
    move(now -> now.withProblem("no answer from ZooKeeper yet"));
    OwnedNode node = writer.create(service().place(), bucket, wanted.desired());
    move(now -> now.withNode(node));
  }

  boolean isSupersededBy(DuplicateIdCheck.DuplicateNode other) {
    return other.czxid() > now().trace().czxid();
  }

  /** Another provider has the id, and this registration has no node to return to. */
  void onSuperseded(DuplicateIdCheck.DuplicateNode other) {
    conflict(other);
  }

  /** Handles the result of a duplicate check that ran while the own node exists. */
  void onChecked(DuplicateIdCheck.@Nullable DuplicateNode other) {
    RegistrationState now = now();
    if (now.node() == null) {
      return;
    }
    if (other != null && isSupersededBy(other)) {
      conflict(other);
    } else if (other != null) {
      report(other, instance().address(), other.instance().address());
    } else if (now.status() == RegistrationStatus.CONFLICT) {
      toRegistered();
    }
  }

  @Override
  public void onOwned(ZkPath path, Stat stat) {
    move(now -> now.withOwned(stat.getCzxid()));
    removeLeftBehind();
    health.onOwned(path);
    service().onRegistered();
    toRegistered();
  }

  private void toRegistered() {
    if (move(RegistrationState::toRegistered) != null) {
      runtime.meters().onRegistered();
      observers.onRegistered(instance());
    }
  }

  @Override
  public void onMissing(String reason) {
    RegistrationState before = now();
    RegistrationState applied = move(now -> now.toMissing(reason));
    if (before.node() != null) {
      before.node().close();
    }
    if (before.isSayingGoodbye()) {
      toGone();
      return;
    }
    if (applied != null && applied.status() == RegistrationStatus.REGISTERED) {
      runtime.meters().onUnregistered();
    }
    if (!now().isEnded()) {
      runtime.meters().onMissing();
      observers.onMissing(instance(), reason);
      service().requestNode(this);
    } // else the goodbye follows, and finds no node
  }

  @Override
  public void onLeftBehind(ZkPath path) {
    move(now -> now.withLeftBehind(path));
  }

  @Override
  public void onWritten() {
    beginGrace();
  }

  @Override
  public void onRetry(Code code) {
    if (code == Code.CONNECTIONLOSS || code == Code.SESSIONEXPIRED) {
      return; // tried again in the next connection
    }
    onRefused("ZooKeeper answered " + code);
    beginGrace(); // a goodbye that cannot be stored; the node goes anyway
  }

  private void beginGrace() {
    if (move(now -> now.toGrace(nanos())) != null) {
      awaitGrace();
    }
  }

  /** Ends the grace period when it is over, however often it was shortened. */
  private void awaitGrace() {
    now().graceLeft(nanos()).ifPresent(left -> {
      Scope waiting = Scope.root(runtime.client().loop(), runtime.client().timekeeper());
      endWait();
      grace = waiting;
      waiting.after(left.isNegative() ? Duration.ZERO : left, () -> {
        endWait();
        endGrace();
      });
    });
  }

  private void endWait() {
    if (grace != null) {
      grace.close();
      grace = null;
    }
  }

  /** It cannot be registered now; that is tried again. */
  void onRefused(String reason) {
    move(now -> now.withProblem(reason));
    observers.onRetry(instance(), reason);
  }

  void onCutOff() {
    if (now().isEnded()) {
      endedOrCutOff.complete(null);
    }
  }

  private long nanos() {
    return runtime.client().timekeeper().nanos();
  }

  private RegistrationState now() {
    return Objects.requireNonNull(state.get());
  }

  private ProviderService service() {
    return Objects.requireNonNull(service);
  }

  /** Makes a transition, and returns the state before it; null if it does not apply. */
  private @Nullable RegistrationState move(UnaryOperator<RegistrationState> transition) {
    while (true) {
      RegistrationState before = now();
      RegistrationState after = transition.apply(before);
      if (after == before) {
        return null;
      }
      if (state.compareAndSet(before, after)) {
        if (before.stage() instanceof PendingStage pending
            && !(after.stage() instanceof PendingStage)) {
          pending.settled().complete(after.status());
        }
        return before;
      }
    }
  }

  private void conflict(DuplicateIdCheck.DuplicateNode other) {
    String problem = "the id is used at " + other.instance().address() + " too, which is newer";
    RegistrationState before = move(now -> now.toConflict(problem));
    if (before != null && before.status() == RegistrationStatus.REGISTERED) {
      runtime.meters().onUnregistered();
    }
    report(other, other.instance().address(), instance().address());
  }

  private void report(DuplicateIdCheck.DuplicateNode other, String newer, String older) {
    if (move(now -> now.withReported(other.czxid())) != null) {
      runtime.meters().onConflict();
      observers.onConflict(instance().service(), instance().id(), newer, older);
    }
  }

  /** Sets the status from the verdict of the health checks. Callable from any thread. */
  void report(boolean healthy) {
    InstanceStatus status = healthy ? InstanceStatus.UP : InstanceStatus.DOWN;
    move(now -> now.withInstance(now.instance().withStatus(status)));
    runtime.client().loop().execute(this::push);
  }

  private void push() {
    InstanceNodeWriter.push(now());
  }

  private void leave() {
    move(RegistrationState::toGoodbye);
    RegistrationState now = now();
    if (now.stage() instanceof LeavingStage leaving && leaving.wasRegistered()) {
      runtime.meters().onUnregistered();
    }
    health.end();
    service().withdraw(this);
    if (now.node() == null) {
      toGone();
      return;
    }
    observers.onLeaving(now.instance(), now.grace());
    InstanceNodeWriter.retire(now);
    if (runtime.connected().isEmpty()) {
      onCutOff();
    }
  }

  /** Deletes the nodes left behind; only once another node exists, so that the instance is visible at all times. */
  private void removeLeftBehind() {
    RegistrationState before = move(RegistrationState::withoutLeftBehind);
    if (before != null) {
      writer.deleteLeftBehind(before.trace());
    }
  }

  private void endGrace() {
    writer.end(now(), this::toGone);
  }

  private void toGone() {
    if (move(RegistrationState::toGone) == null) {
      return;
    }
    endWait();
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
