package io.zookit.registry.internal.provider;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.Buckets;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.ServicePaths.StoredService;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one service that this client registers. Confined to the loop.
 *
 * <p>A new registration gets its node at once, as soon as the mask of the service is known. A registration whose
 * earlier node is gone is <i>claimed</i>: its node is re-created only if no other provider has taken its id meanwhile.
 * Another provider has taken it if another node of the id has another address and is newer than the own node was.
 *
 * <p>While something is registered a {@link RegistrationReconciler} periodically looks for such nodes.
 */
final class ProviderService {

  private static final int UNKNOWN = -1;
  private static final Duration CLAIM_DELAY = Duration.ofSeconds(5);

  private final RegistryRuntime runtime;
  private final ProviderServices services;
  private final ServicePaths place;
  private final Set<ManagedRegistration> registrations = new LinkedHashSet<>();
  private final Set<ManagedRegistration> unclaimed = new LinkedHashSet<>();
  private final RegistrationReconciler reconciler;
  private int mask = UNKNOWN;
  private @Nullable Scope claiming;

  /** Registrations whose nodes are about to be created, in one session; ends with its scope. */
  private record NodeClaim(SessionHandle handle, Set<ManagedRegistration> claimed, Scope scope) {

    /** The registrations that have had a node before. */
    List<ManagedRegistration> returning() {
      return claimed.stream().filter(ManagedRegistration::hadNode).toList();
    }
  }

  ProviderService(RegistryRuntime runtime, ProviderServices services, ServicePaths place) {
    this.runtime = runtime;
    this.services = services;
    this.place = place;
    this.reconciler = new RegistrationReconciler(runtime, this);
  }

  ServicePaths place() {
    return place;
  }

  Set<ManagedRegistration> registrations() {
    return Set.copyOf(registrations);
  }

  /** A registration wants a node: a first one, or another after a loss. */
  void requestNode(ManagedRegistration registration) {
    registrations.add(registration);
    if (mask != UNKNOWN && !registration.hadNode() && runtime.connected().isPresent()) {
      createNode(registration);
    } else {
      unclaimed.add(registration);
      runtime.client().loop().execute(this::claim);
    }
  }

  /** A registration wants no node. */
  void withdraw(ManagedRegistration registration) {
    unclaimed.remove(registration);
  }

  /** A registration is over. */
  void forget(ManagedRegistration registration) {
    withdraw(registration);
    registrations.remove(registration);
    if (registrations.isEmpty()) {
      reconciler.end();
      services.forget(this);
    }
  }

  void onConnected(SessionHandle handle) {
    endClaim();
    claim();
    reconciler.onConnected(handle);
  }

  void onSuspect() {
    endClaim();
    registrations().forEach(ManagedRegistration::onCutOff);
  }

  void onLost(SessionHandle lost) {
    endClaim();
    mask = UNKNOWN;
    reconciler.onLost(lost);
  }

  /** Something of this service is registered: reconciling begins, unless it has begun. */
  void onRegistered() {
    reconciler.begin();
  }

  int mask() {
    return Math.max(0, mask);
  }

  /** Others may have made more buckets. */
  void raiseMask(int stored) {
    mask = Math.max(mask, stored);
  }

  /** Raises the number of buckets for new instances; existing nodes stay in their buckets. */
  void grow(SessionHandle handle, int grown, int version) {
    if (grown > mask) {
      mask = grown;
      handle.setData(place.path(), ServicePaths.encode(grown), version, set -> {});
    }
  }

  private void createNode(ManagedRegistration registration) {
    unclaimed.remove(registration);
    mask = Buckets.maskFor(registrations.size(), mask);
    registration.createNode(ServicePaths.bucketOf(registration.instance().id(), mask));
  }

  private void claim() {
    SessionHandle handle = runtime.connected().orElse(null);
    if (claiming != null || unclaimed.isEmpty() || handle == null) {
      return;
    }
    Scope scope = Scope.root(runtime.client().loop(), runtime.client().timekeeper());
    claiming = scope;
    NodeClaim begun = new NodeClaim(handle, Set.copyOf(unclaimed), scope);
    if (!begun.returning().isEmpty()) {
      handle.sync(place.path(), synced -> {});
    }
    handle.getData(place.path(), null, scope.wrap((Answer<Node> read) -> onMask(begun, read)));
  }

  private void onMask(NodeClaim begun, Answer<Node> read) {
    if (!read.isAnswered()) {
      retryClaim();
      return;
    }
    Decoded<StoredService> service =
        ServicePaths.decode(read.isOk() ? read.get().data() : new byte[0]);
    if (service instanceof Decoded.TooNew<StoredService> newer) {
      begun.claimed.forEach(each -> each.onRefused("the service has format " + newer.version()));
      retryClaim();
      return;
    }
    adoptMask(begun, read, service);
    List<ManagedRegistration> returning = begun.returning();
    begun.claimed.stream()
        .filter(each -> !each.hadNode() && unclaimed.contains(each))
        .forEach(this::createNode);
    if (returning.isEmpty()) {
      claimNext();
    } else {
      DuplicateIdCheck.start(
          begun.handle,
          place,
          bucketsOf(returning),
          returning,
          begun.scope.wrap(
              (Optional<DuplicateIdCheck.Duplicates> found) -> onDuplicates(returning, found)));
    }
  }

  private void adoptMask(NodeClaim begun, Answer<Node> read, Decoded<StoredService> service) {
    mask =
        service instanceof Decoded.Value<StoredService> stored ? stored.value().mask() : 0;
    if (read.isOk()) {
      int grown = Buckets.maskFor(registrations.size(), mask);
      grow(begun.handle, grown, read.get().stat().getVersion());
    } else {
      mask = Buckets.maskFor(registrations.size(), mask);
    }
  }

  private void onDuplicates(
      List<ManagedRegistration> some, Optional<DuplicateIdCheck.Duplicates> found) {
    if (found.isEmpty()) {
      retryClaim();
      return;
    }
    for (ManagedRegistration registration : some) {
      if (unclaimed.contains(registration)) {
        decide(registration, Optional.ofNullable(found.get().others().get(registration)));
      }
    }
    claimNext();
  }

  private void decide(
      ManagedRegistration registration, Optional<DuplicateIdCheck.DuplicateNode> other) {
    if (other.isPresent() && registration.isSupersededBy(other.get())) {
      unclaimed.remove(registration);
      registration.onSuperseded(other.get());
    } else {
      createNode(registration);
    }
  }

  /** Ends a claim that is decided, and claims what has been added meanwhile. */
  private void claimNext() {
    endClaim();
    claim();
  }

  /**
   * Abandons a claim without an answer; it is retried at the next connect, or after {@link #CLAIM_DELAY} if none
   * occurs.
   */
  private void retryClaim() {
    endClaim();
    runtime.later(Backoff.spread(CLAIM_DELAY), this::claim);
  }

  private void endClaim() {
    if (claiming != null) {
      claiming.close();
      claiming = null;
    }
  }

  /** Every bucket in which there may be a node of one of their ids. */
  Set<String> bucketsOf(List<ManagedRegistration> some) {
    Set<String> buckets = new TreeSet<>();
    some.forEach(
        each -> buckets.addAll(ServicePaths.bucketsOf(each.instance().id(), Math.max(0, mask))));
    return buckets;
  }
}
