package io.zookit.registry.internal.provider;

import io.zookit.core.Subscription;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
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
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.jspecify.annotations.Nullable;

/**
 * Looks about each {@value #PERIOD_SECONDS} s after the instances of one service that this client registers: whether
 * others have their ids, whether an operator wants them to end, and whether their buckets are full. Lives on the loop.
 *
 * <p>A round is one read of everything but the listings of the buckets. Those come less often the more nodes there are,
 * so that the reconcilers of all providers together stay below 1 MB/s. Another of an id is looked for in every bucket that
 * the id has ever belonged to, because what is registered stays where it is when there are more buckets.
 *
 * <p>What operators say is watched besides, so that they need not wait for a round. As all providers hear of it at once,
 * each reads it a little later, by about 1 ms for each of them.
 */
final class RegistrationReconciler {

  static final int PERIOD_SECONDS = 30;

  private static final long FIRST_MILLIS = 1_000;
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
  private @Nullable Subscription next;
  private @Nullable Subscription reading;
  private @Nullable SessionHandle watched;
  private @Nullable Watcher watcher;
  private int names;

  RegistrationReconciler(RegistryRuntime runtime, ProviderService service) {
    this.runtime = runtime;
    this.service = service;
  }

  /** Begins, unless it has begun. */
  void begin() {
    if (next == null) {
      after(FIRST_MILLIS);
    }
  }

  /** In another session nothing is watched, and something may have been said meanwhile. */
  void onConnected(SessionHandle handle) {
    if (next != null && !handle.equals(watched)) {
      begin(handle);
      onEvent(handle);
    }
  }

  /** Ends for good. */
  void end() {
    if (next != null) {
      next.close();
    }
    endReading();
    if (watched != null && watcher != null && (watched.isShared() || !service.isFollowed())) {
      watched.removeWatch(service.place().policy(), WatcherType.Data, watcher, removed -> {});
    }
    watched = null;
  }

  private void after(long millis) {
    long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis);
    next = runtime.later(Duration.ofMillis(jittered), this::round);
  }

  private void round() {
    if (service.registrations().isEmpty()) {
      return;
    }
    after(PERIOD_SECONDS * 1000L);
    runtime.connected().ifPresent(handle -> {
      watch(handle);
      look(handle);
    });
  }

  private void look(SessionHandle handle) {
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

  /** Others may have made more buckets, or the present ones are too few. */
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

  /** Once a session; the round that follows reads what stands there now. */
  private void watch(SessionHandle handle) {
    if (!handle.equals(watched)) {
      begin(handle);
      handle.exists(service.place().policy(), watcher, set -> {
        if (!set.isAnswered()) {
          toUnwatched(handle);
        }
      });
    }
  }

  /** To be watched again after the next connect, or by the next round. */
  private void toUnwatched(SessionHandle handle) {
    if (handle.equals(watched)) {
      watched = null;
    }
  }

  private void begin(SessionHandle handle) {
    watched = handle;
    watcher = handle.watcher(event -> onEvent(handle));
  }

  private void onEvent(SessionHandle handle) {
    if (handle.equals(watched)) {
      endReading();
      int spread = Math.min(Math.max(names, LEAST_SPREAD_MILLIS), MOST_SPREAD_MILLIS);
      long millis = ThreadLocalRandom.current().nextLong(spread);
      reading = runtime.later(Duration.ofMillis(millis), () -> read(handle));
    }
  }

  private void endReading() {
    if (reading != null) {
      reading.close();
      reading = null;
    }
  }

  /** Reads what operators say, and watches it again. */
  private void read(SessionHandle handle) {
    reading = null;
    if (!handle.equals(watched)) {
      return;
    }
    ZkPath policy = service.place().policy();
    handle.getData(policy, watcher, read -> {
      if (read.isOk()) {
        applyPolicy(read.get().data());
      } else if (read.code() == Code.NONODE) {
        handle.exists(policy, watcher, set -> {
          if (set.isOk()) {
            onEvent(handle); // it was made in between
          } else if (!set.isAnswered()) {
            toUnwatched(handle);
          }
        });
      } else {
        toUnwatched(handle);
      }
    });
  }
}
