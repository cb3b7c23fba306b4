package io.zookit.registry.internal.runtime;

import io.zookit.core.internal.lane.Observers;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.registry.RegistryObserver;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.SkippedNode;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Reports what happens in a registry to its observer, and to the log if it belongs on an operator's time line. */
public final class RegistryObservers {

  private static final Logger log = LoggerFactory.getLogger(RegistryObservers.class);

  private static final int LOGGED_SKIPS = 10;

  private final Observers<RegistryObserver> observers;
  private final SerialLane lane;

  public RegistryObservers(RegistryObserver observer, SerialLane lane) {
    this.observers = Observers.of(lane, observer);
    this.lane = lane;
  }

  public void onRegistered(ServiceInstance instance) {
    of(log.atInfo(), instance).log("registered");
    observers.publish(observer -> observer.onRegistered(instance));
  }

  public void onRetry(ServiceInstance instance, String reason) {
    of(log.atWarn(), instance).log("not registered: {}, trying again", reason);
    observers.publish(observer -> observer.onRetry(instance, reason));
  }

  public void onMissing(ServiceInstance instance, String reason) {
    of(log.atWarn(), instance).log("not registered any more: {}", reason);
    observers.publish(observer -> observer.onMissing(instance, reason));
  }

  public void onConflict(String service, String id, String newer, String older) {
    of(log.atWarn(), service, id).log("registered at {} and at {}; the first counts", newer, older);
    observers.publish(observer -> observer.onConflict(service, id, newer, older));
  }

  public void onLeaving(ServiceInstance instance, Duration grace) {
    of(log.atInfo(), instance).log("leaving, with a grace of {}", grace);
    observers.publish(observer -> observer.onLeaving(instance, grace));
  }

  public void onGone(ServiceInstance instance) {
    of(log.atInfo(), instance).log("gone");
    observers.publish(observer -> observer.onGone(instance));
  }

  public void onViewLive(String service, int instances) {
    of(log.atInfo(), service).log("{} instances, followed", instances);
    observers.publish(observer -> observer.onViewLive(service, instances));
  }

  public void onViewRestored(String service, int instances, Duration age) {
    of(log.atWarn(), service).log("{} instances from a file, {} old", instances, age);
    observers.publish(observer -> observer.onViewRestored(service, instances, age));
  }

  public void onVanished(String service, String id) {
    of(log.atWarn(), service, id).log("vanished without a goodbye");
    observers.publish(observer -> observer.onVanished(service, id));
  }

  public void onConfirmedDead(String service, String id, String reason) {
    of(log.atWarn(), service, id).log("vanished and is not where it was: {}", reason);
    observers.publish(observer -> observer.onConfirmedDead(service, id, reason));
  }

  public void onViewStale(String service) {
    of(log.atWarn(), service).log("not followed, the last that is known stays");
    observers.publish(observer -> observer.onViewStale(service));
  }

  public void onViewFailed(String service, String reason) {
    of(log.atWarn(), service).log("cannot be read: {}", reason);
    observers.publish(observer -> observer.onViewFailed(service, reason));
  }

  /**
   * Reports skipped nodes and logs only some of them: otherwise any client that can write into the folder could fill
   * the log.
   */
  public void onSkipped(ServicePaths place, List<SkippedNode> skips) {
    String service = place.service();
    for (int i = 0; i < Math.min(skips.size(), LOGGED_SKIPS); i++) {
      SkippedNode skip = skips.get(i);
      of(log.atWarn(), service).log("{} is left out: {}", place.node(skip.node()), skip.reason());
    }
    if (skips.size() > LOGGED_SKIPS) {
      of(log.atWarn(), service).log("{} more are left out", skips.size() - LOGGED_SKIPS);
    }
    for (SkippedNode skip : skips) {
      String node = place.node(skip.node()).value();
      observers.publish(observer -> observer.onSkipped(service, node, skip.reason()));
    }
  }

  /** It works all the same, at a higher cost. */
  public void onWatchRefused(String service, Code code) {
    of(log.atWarn(), service)
        .log("the server has no persistent watches ({}), each node is watched", code);
  }

  private static LoggingEventBuilder of(LoggingEventBuilder line, ServiceInstance instance) {
    return of(line, instance.service(), instance.id());
  }

  private static LoggingEventBuilder of(LoggingEventBuilder line, String service, String id) {
    return of(line, service).addKeyValue("instance", id);
  }

  private static LoggingEventBuilder of(LoggingEventBuilder line, String service) {
    return line.addKeyValue("service", service);
  }

  /** Runs a task after all earlier reports have been delivered. */
  public void afterwards(Runnable task) {
    lane.execute(task);
  }
}
