package io.zookit.registry;

import io.zookit.core.internal.lane.Observers;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports what happens in a registry to its observer, and to the log if it belongs on an operator's time line. */
final class RegistryObservers {

  private static final Logger log = LoggerFactory.getLogger(RegistryObservers.class);

  private static final int LOGGED_SKIPS = 10;

  private final Observers<RegistryObserver> observers;
  private final SerialLane lane;

  RegistryObservers(RegistryObserver observer, SerialLane lane) {
    this.observers = Observers.of(lane, observer);
    this.lane = lane;
  }

  void onRegistered(ServiceInstance instance) {
    log.info("{}: registered", instance);
    observers.publish(observer -> observer.onRegistered(instance));
  }

  void onRetry(ServiceInstance instance, String reason) {
    log.warn("{}: not registered: {}, trying again", instance, reason);
    observers.publish(observer -> observer.onRetry(instance, reason));
  }

  void onMissing(ServiceInstance instance, String reason) {
    log.warn("{}: not registered any more: {}", instance, reason);
    observers.publish(observer -> observer.onMissing(instance, reason));
  }

  void onConflict(String service, String id, String newer, String older) {
    log.warn(
        "service {}: {} is registered at {} and at {}; the first counts",
        service,
        id,
        newer,
        older);
    observers.publish(observer -> observer.onConflict(service, id, newer, older));
  }

  void onLeaving(ServiceInstance instance, Duration grace) {
    log.info("{}: leaving, with a grace of {}", instance, grace);
    observers.publish(observer -> observer.onLeaving(instance, grace));
  }

  void onGone(ServiceInstance instance) {
    log.info("{}: gone", instance);
    observers.publish(observer -> observer.onGone(instance));
  }

  void onViewLive(String service, int instances) {
    log.info("service {}: {} instances, followed", service, instances);
    observers.publish(observer -> observer.onViewLive(service, instances));
  }

  void onViewRestored(String service, int instances, Duration age) {
    log.warn("service {}: {} instances from a file, {} old", service, instances, age);
    observers.publish(observer -> observer.onViewRestored(service, instances, age));
  }

  void onVanished(String service, String id) {
    log.warn("service {}: {} vanished without a goodbye", service, id);
    observers.publish(observer -> observer.onVanished(service, id));
  }

  void onConfirmedDead(String service, String id, String reason) {
    log.warn("service {}: {} vanished and is not where it was: {}", service, id, reason);
    observers.publish(observer -> observer.onConfirmedDead(service, id, reason));
  }

  void onViewStale(String service) {
    log.warn("service {}: not followed, the last that is known stays", service);
    observers.publish(observer -> observer.onViewStale(service));
  }

  void onViewFailed(String service, String reason) {
    log.warn("service {}: cannot be read: {}", service, reason);
    observers.publish(observer -> observer.onViewFailed(service, reason));
  }

  /** Logs only some of them: whoever can write into the folder could fill the log. */
  void onSkipped(ServicePaths place, List<SkippedNode> skips) {
    String service = place.service();
    for (int i = 0; i < Math.min(skips.size(), LOGGED_SKIPS); i++) {
      SkippedNode skip = skips.get(i);
      log.warn("service {}: {} is left out: {}", service, place.node(skip.node()), skip.reason());
    }
    if (skips.size() > LOGGED_SKIPS) {
      log.warn("service {}: {} more are left out", service, skips.size() - LOGGED_SKIPS);
    }
    for (SkippedNode skip : skips) {
      String node = place.node(skip.node()).value();
      observers.publish(observer -> observer.onSkipped(service, node, skip.reason()));
    }
  }

  /** It works all the same, at a higher cost. */
  void onWatchRefused(String service, Code code) {
    log.warn(
        "service {}: the server has no persistent watches ({}), each node is watched",
        service,
        code);
  }

  /** Runs when everything told before has been told. */
  void afterwards(Runnable task) {
    lane.execute(task);
  }
}
