package io.zookit.registry;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.ServicePlace.StoredService;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one service that this client registers. Lives on the loop.
 *
 * <p>A registration that comes for the first time is made at once, as soon as the mask of the service is known. One that
 * had a node before, which is gone, is <i>claimed</i>: made again only if nobody else has taken its id meanwhile. That
 * is the case when another node of the id has another address and is newer than the own one was.
 *
 * <p>While something is registered a {@link Patrol} looks now and then for such others.
 */
final class HostedService {

  private static final int UNKNOWN = -1;
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final RegistryEngine engine;
  private final ServicePlace place;
  private final Set<DesiredRegistration> registrations = new LinkedHashSet<>();
  private final Set<DesiredRegistration> unclaimed = new LinkedHashSet<>();
  private final Patrol patrol;
  private int mask = UNKNOWN;
  private @Nullable Claim claim;

  /** Registrations whose nodes are about to be made, in one session. */
  private static final class Claim {
    final SessionHandle handle;
    final Set<DesiredRegistration> claimed;
    int open = 1;

    Claim(SessionHandle handle, Set<DesiredRegistration> claimed) {
      this.handle = handle;
      this.claimed = claimed;
    }
  }

  HostedService(RegistryEngine engine, ServicePlace place) {
    this.engine = engine;
    this.place = place;
    this.patrol = new Patrol(engine, this);
  }

  ServicePlace place() {
    return place;
  }

  Set<DesiredRegistration> registrations() {
    return Set.copyOf(registrations);
  }

  /** A registration wants a node: a first one, or another after a loss. */
  void want(DesiredRegistration registration) {
    registrations.add(registration);
    if (mask != UNKNOWN && !registration.hadNode() && engine.connected().isPresent()) {
      make(registration);
    } else {
      unclaimed.add(registration);
      engine.client().loop().execute(this::claim);
    }
  }

  /** A registration wants no node. */
  void leave(DesiredRegistration registration) {
    unclaimed.remove(registration);
  }

  /** A registration is over. */
  void forget(DesiredRegistration registration) {
    leave(registration);
    registrations.remove(registration);
    if (registrations.isEmpty()) {
      patrol.end();
      engine.forget(this);
    }
  }

  void onConnected(SessionHandle handle) {
    claim = null;
    claim();
    patrol.onConnected(handle);
  }

  void onSuspect() {
    claim = null;
    registrations().forEach(DesiredRegistration::onCutOff);
  }

  void onLost() {
    claim = null;
    mask = UNKNOWN;
  }

  /** Something of this service is registered: patrols begin, unless they have begun. */
  void onRegistered() {
    patrol.begin();
  }

  int mask() {
    return Math.max(0, mask);
  }

  /** Others may have made more buckets. */
  void learn(int stored) {
    mask = Math.max(mask, stored);
  }

  /** What is new goes into more buckets from now on; what is there stays where it is. */
  void grow(SessionHandle handle, int grown, int version) {
    if (grown > mask) {
      mask = grown;
      handle.setData(place.path(), ServicePlace.encode(grown), version, set -> {});
    }
  }

  private void make(DesiredRegistration registration) {
    unclaimed.remove(registration);
    mask = Buckets.maskFor(registrations.size(), mask);
    registration.make(ServicePlace.bucketOf(registration.instance().id(), mask));
  }

  private void claim() {
    SessionHandle handle = engine.connected().orElse(null);
    if (claim != null || unclaimed.isEmpty() || handle == null) {
      return;
    }
    Claim begun = new Claim(handle, Set.copyOf(unclaimed));
    claim = begun;
    if (begun.claimed.stream().anyMatch(DesiredRegistration::hadNode)) {
      handle.sync(place.path(), synced -> {});
    }
    handle.getData(place.path(), null, read -> onMask(begun, read));
  }

  private void onMask(Claim begun, Answer<Node> read) {
    if (claim != begun) {
      return;
    }
    if (!read.isAnswered()) {
      claimLater(begun);
      return;
    }
    Decoded<StoredService> service =
        ServicePlace.decode(read.isOk() ? read.get().data() : new byte[0]);
    if (service instanceof Decoded.TooNew<StoredService> newer) {
      begun.claimed.forEach(each -> each.onRefused("the service has format " + newer.version()));
      claimLater(begun);
      return;
    }
    takeMask(begun, read, service);
    begun.claimed.stream()
        .filter(each -> !each.hadNode() && unclaimed.contains(each))
        .forEach(this::make);
    List<DesiredRegistration> back =
        begun.claimed.stream().filter(DesiredRegistration::hadNode).toList();
    if (!back.isEmpty()) {
      begun.open++;
      RivalSearch.start(
          begun.handle, place, bucketsOf(back), back, found -> onFound(begun, back, found));
    }
    oneLess(begun);
  }

  private void takeMask(Claim begun, Answer<Node> read, Decoded<StoredService> service) {
    mask =
        service instanceof Decoded.Value<StoredService> stored ? stored.value().mask() : 0;
    if (read.isOk()) {
      int grown = Buckets.maskFor(registrations.size(), mask);
      grow(begun.handle, grown, read.get().stat().getVersion());
    } else {
      mask = Buckets.maskFor(registrations.size(), mask);
    }
  }

  private void onFound(
      Claim begun, List<DesiredRegistration> some, Optional<RivalSearch.Found> found) {
    if (claim != begun) {
      return;
    }
    if (found.isEmpty()) {
      claimLater(begun);
      return;
    }
    for (DesiredRegistration registration : some) {
      if (unclaimed.contains(registration)) {
        decide(registration, Optional.ofNullable(found.get().rivals().get(registration)));
      }
    }
    oneLess(begun);
  }

  private void decide(DesiredRegistration registration, Optional<RivalSearch.Rival> rival) {
    if (rival.isPresent() && registration.isSupersededBy(rival.get())) {
      unclaimed.remove(registration);
      registration.toSuperseded(rival.get());
    } else {
      make(registration);
    }
  }

  /** What came meanwhile is claimed next. */
  private void oneLess(Claim begun) {
    if (--begun.open == 0) {
      claim = null;
      claim();
    }
  }

  /** What was not answered is claimed at the next connect, or after a while if there is none. */
  private void claimLater(Claim begun) {
    if (claim == begun) {
      claim = null;
      engine.later(RETRY, this::claim);
    }
  }

  /** Every bucket in which there may be a node of one of their ids. */
  Set<String> bucketsOf(List<DesiredRegistration> some) {
    Set<String> buckets = new TreeSet<>();
    some.forEach(
        each -> buckets.addAll(ServicePlace.bucketsOf(each.instance().id(), Math.max(0, mask))));
    return buckets;
  }
}
