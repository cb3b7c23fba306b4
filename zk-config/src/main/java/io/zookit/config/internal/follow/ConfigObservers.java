package io.zookit.config.internal.follow;

import io.zookit.config.ConfigObserver;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.StoreSettings;
import io.zookit.core.Meters;
import io.zookit.core.internal.lane.Observers;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what happens in a store to its observer, to the meters, and to the log if it belongs on an operator's time
 * line.
 */
final class ConfigObservers {

  private static final Logger log = LoggerFactory.getLogger(ConfigObservers.class);

  private static final int SHOWN = 20;

  private final Observers<ConfigObserver> observers;
  private final Meters meters;

  /** Creates a set of the observer that was set, or of none. */
  ConfigObservers(StoreSettings settings, Meters meters, SerialLane lane) {
    this.observers =
        settings.isObserved() ? Observers.of(lane, settings.observer()) : new Observers<>(lane);
    this.meters = meters;
  }

  void onApplied(ConfigSnapshot snapshot) {
    log.info("config {}", snapshot);
    meters.count("zookit.config.applied", 1);
    observers.publish(observer -> observer.onApplied(snapshot));
  }

  void onRejected(Namespace ns, int release, List<String> problems) {
    log.warn("config {}: release {} refused, the last good one stays: {}", ns, release, problems);
    meters.count("zookit.config.rejected", 1);
    observers.publish(observer -> observer.onRejected(ns, release, problems));
  }

  void onUnknownKeys(Namespace ns, List<String> keys) {
    List<String> shown = keys.subList(0, Math.min(keys.size(), SHOWN));
    String more = keys.size() > SHOWN ? " and " + (keys.size() - SHOWN) + " more" : "";
    log.warn("config {}: no record has a component for {}{}", ns, shown, more);
    meters.count("zookit.config.unknown-keys", keys.size());
    observers.publish(observer -> observer.onUnknownKeys(ns, keys));
  }

  void onUnreadable(Namespace ns, String reason) {
    log.warn("config {}: {}; the last good values stay", ns, reason);
    meters.count("zookit.config.unreadable", 1);
    observers.publish(observer -> observer.onUnreadable(ns, reason));
  }

  void onNotKept(Namespace ns, int release, String reason) {
    log.warn("config {}: release {} is in use and not kept: {}", ns, release, reason);
    meters.count("zookit.config.not-kept", 1);
    observers.publish(observer -> observer.onNotKept(ns, release, reason));
  }

  void onKept(Namespace ns, int release) {
    log.info("config {}: release {} is kept", ns, release);
    observers.publish(observer -> observer.onKept(ns, release));
  }

  void onOlderRefused(Namespace ns, long epoch, long revision) {
    log.warn("config {}: an older state is not taken ({}.{})", ns, epoch, revision);
    meters.count("zookit.config.older-refused", 1);
    observers.publish(observer -> observer.onOlderRefused(ns, epoch, revision));
  }

  void onUnsupported(Namespace ns, String what) {
    log.warn("config {}: {} is of a later version", ns, what);
    observers.publish(observer -> observer.onUnsupported(ns, what));
  }

  void onDeleted(Namespace ns) {
    log.warn("config {}: deleted; the last good values stay", ns);
    observers.publish(observer -> observer.onDeleted(ns));
  }

  void onListenerStuck(Namespace ns, Duration since) {
    log.warn("config {}: a listener has not returned for {}", ns, since);
    meters.count("zookit.config.listener-stuck", 1);
    observers.publish(observer -> observer.onListenerStuck(ns, since));
  }

  void onListenerFailed(Namespace ns, RuntimeException failure) {
    log.error("config {}: a listener failed and stays subscribed", ns, failure);
    observers.publish(observer -> observer.onListenerFailed(ns, failure));
  }
}
