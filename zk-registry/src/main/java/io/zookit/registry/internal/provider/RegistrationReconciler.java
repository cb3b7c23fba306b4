package io.zookit.registry.internal.provider;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.Buckets;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.ServicePaths.StoredService;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Checks the instances of one service that this client registers, about every {@value #PERIOD_SECONDS} s: whether others
 * have their ids, whether an operator wants them to end, and whether their buckets are full.
 *
 * <p>A round is one read of everything but the listings of the buckets. Those come less often the more nodes there are,
 * so that the reconcilers of all providers together stay below 1 MB/s. Another node of an id is searched for in every
 * bucket that the id has ever belonged to, because what is registered stays where it is when there are more buckets.
 *
 * <p>The policy is also followed, so that operators need not wait for a round. As all providers are notified of a change
 * at once, each reads it a little later, by about 1 ms for each of them.
 *
 * <p><i>Threads:</i> used on the loop.
 */
final class RegistrationReconciler {

  static final int PERIOD_SECONDS = 30;

  private static final Duration PERIOD = Duration.ofSeconds(PERIOD_SECONDS);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int LEAST_SPREAD_MILLIS = 50;
  private static final int MOST_SPREAD_MILLIS = 5_000;

  /** The number of providers that cause 1 MB/s if each lists as many names of 40 bytes every 30 s. */
  private static final double FREE = 866;

  /** The reads of a round; those of the buckets come after them. */
  private static final int SERVICE = 0;

  private static final int POLICY = 1;
  private static final int BUCKETS = 2;

  private final RegistryRuntime runtime;
  private final ProviderService service;
  private final Scope life;
  private final NodeFollower<Node> policy;
  private boolean begun;
  private int names;

  RegistrationReconciler(RegistryRuntime runtime, ProviderService service) {
    this.runtime = runtime;
    this.service = service;
    this.life = Scope.root(runtime.client().loop(), runtime.client().timekeeper());
    this.policy = NodeFollower.ofUnsharedData(
            runtime.client(), service.place().policy(), this::onPolicy)
        .spread(this::untilRead);
    life.own(policy);
  }

  /** Begins, unless it has begun. */
  void begin() {
    if (!begun) {
      begun = true;
      after(FIRST, () -> {
        runtime.connected().ifPresent(policy::onConnected);
        round();
      });
    }
  }

  /** Follows the policy in the present session. */
  void onConnected(SessionHandle handle) {
    if (begun) {
      policy.onConnected(handle);
    }
  }

  void onLost(SessionHandle handle) {
    policy.onLost(handle);
  }

  /** Ends for good. */
  void end() {
    life.close();
  }

  private void after(Duration pause, Runnable step) {
    life.after(Backoff.spread(pause), step);
  }

  private void round() {
    after(PERIOD, this::round);
    runtime.connected().ifPresent(this::check);
  }

  private void check(SessionHandle handle) {
    List<ManagedRegistration> there = service.registrations().stream()
        .filter(registration -> registration.nodeName().isPresent())
        .toList();
    Set<String> buckets = service.bucketsOf(there);
    List<String> paths = new ArrayList<>();
    paths.add(service.place().path().value());
    paths.add(service.place().policy().value());
    buckets.forEach(bucket -> paths.add(service.place().bucket(bucket).value()));
    Multi.readNodes(handle, paths, read -> {
      if (read.stream().allMatch(Answer::isAnswered)) {
        onRead(handle, there, buckets, read);
      }
    });
  }

  private void onRead(
      SessionHandle handle,
      List<ManagedRegistration> there,
      Set<String> buckets,
      List<Answer<Node>> read) {
    if (read.get(POLICY).isOk()) {
      applyPolicy(read.get(POLICY).get().data());
    }
    int least = Integer.MAX_VALUE;
    names = 0;
    for (Answer<Node> bucket : read.subList(BUCKETS, read.size())) {
      int inIt = bucket.isOk() ? bucket.get().stat().getNumChildren() : 0;
      least = Math.min(least, inIt);
      names += inIt;
    }
    if (read.get(SERVICE).isOk()) {
      grow(handle, read.get(SERVICE).get(), least, buckets.size());
    }
    if (!there.isEmpty() && isTurn(buckets.size())) {
      DuplicateIdCheck.start(
          handle,
          service.place(),
          service.bucketsOf(there),
          there,
          found -> found.ifPresent(
              all -> there.forEach(each -> each.onChecked(all.others().get(each)))));
    }
  }

  /** Other providers may have added buckets, or the present ones are too few. */
  private void grow(SessionHandle handle, Node stored, int least, int looked) {
    if (ServicePaths.decode(stored.data()) instanceof Decoded.Value<StoredService> read) {
      int before = service.mask();
      service.raiseMask(read.value().mask());
      if (looked > 0 && service.mask() == before) {
        int grown = Buckets.maskFound(least, looked, before);
        service.grow(handle, grown, stored.stat().getVersion());
      }
    }
  }

  private boolean isTurn(int buckets) {
    double providers = (double) names / buckets * (service.mask() + 1);
    double share = Math.min(1, FREE * FREE / Math.max(1, providers * names));
    return ThreadLocalRandom.current().nextDouble() < share;
  }

  /** An operator may want some of them to end. */
  private void applyPolicy(byte[] said) {
    Instant now = runtime.client().timekeeper().now();
    ServicePolicy.decode(said)
        .ifPresent(policy -> service.registrations().stream()
            .filter(each -> policy
                .rule(each.instance().id(), now)
                .filter(InstanceRule::drain)
                .isPresent())
            .forEach(ManagedRegistration::drainNow));
  }

  private void onPolicy(Answer<Node> read) {
    if (read.isOk()) {
      applyPolicy(read.get().data());
    }
  }

  /** Returns a random time after an event, the longer the more providers there are. */
  private Duration untilRead() {
    int spread = Math.min(Math.max(names, LEAST_SPREAD_MILLIS), MOST_SPREAD_MILLIS);
    return Duration.ofMillis(ThreadLocalRandom.current().nextInt(spread));
  }
}
