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
    log.atInfo()
        .addKeyValue("namespace", snapshot.namespace())
        .addKeyValue("release", snapshot.release())
        .log(
            "applied, {} keys, revision {}.{}",
            snapshot.values().size(),
            snapshot.epoch(),
            snapshot.revision());
    meters.count("zookit.config.applied", 1);
    observers.publish(observer -> observer.onApplied(snapshot));
  }

  void onRejected(Namespace ns, int release, List<String> problems) {
    log.atWarn()
        .addKeyValue("namespace", ns)
        .addKeyValue("release", release)
        .log("refused, the last good one stays: {}", problems);
    meters.count("zookit.config.rejected", 1);
    observers.publish(observer -> observer.onRejected(ns, release, problems));
  }

  void onUnknownKeys(Namespace ns, List<String> keys) {
    List<String> shown = keys.subList(0, Math.min(keys.size(), SHOWN));
    String more = keys.size() > SHOWN ? " and " + (keys.size() - SHOWN) + " more" : "";
    log.atWarn()
        .addKeyValue("namespace", ns)
        .log("no record has a component for {}{}", shown, more);
    meters.count("zookit.config.unknown-keys", keys.size());
    observers.publish(observer -> observer.onUnknownKeys(ns, keys));
  }

  void onUnreadable(Namespace ns, String reason) {
    log.atWarn().addKeyValue("namespace", ns).log("{}; the last good values stay", reason);
    meters.count("zookit.config.unreadable", 1);
    observers.publish(observer -> observer.onUnreadable(ns, reason));
  }

  void onNotKept(Namespace ns, int release, String reason) {
    log.atWarn()
        .addKeyValue("namespace", ns)
        .addKeyValue("release", release)
        .log("in use and not kept: {}", reason);
    meters.count("zookit.config.not-kept", 1);
    observers.publish(observer -> observer.onNotKept(ns, release, reason));
  }

  void onKept(Namespace ns, int release) {
    log.atInfo().addKeyValue("namespace", ns).addKeyValue("release", release).log("kept");
    observers.publish(observer -> observer.onKept(ns, release));
  }

  void onOlderRefused(Namespace ns, long epoch, long revision) {
    log.atWarn()
        .addKeyValue("namespace", ns)
        .log("an older state is not taken ({}.{})", epoch, revision);
    meters.count("zookit.config.older-refused", 1);
    observers.publish(observer -> observer.onOlderRefused(ns, epoch, revision));
  }

  void onUnsupported(Namespace ns, String what) {
    log.atWarn().addKeyValue("namespace", ns).log("{} is of a later version", what);
    observers.publish(observer -> observer.onUnsupported(ns, what));
  }

  void onDeleted(Namespace ns) {
    log.atWarn().addKeyValue("namespace", ns).log("deleted; the last good values stay");
    observers.publish(observer -> observer.onDeleted(ns));
  }

  void onListenerStuck(Namespace ns, Duration since) {
    log.atWarn().addKeyValue("namespace", ns).log("a listener has not returned for {}", since);
    meters.count("zookit.config.listener-stuck", 1);
    observers.publish(observer -> observer.onListenerStuck(ns, since));
  }

  void onListenerFailed(Namespace ns, RuntimeException failure) {
    log.atError()
        .addKeyValue("namespace", ns)
        .setCause(failure)
        .log("a listener failed and stays subscribed");
    observers.publish(observer -> observer.onListenerFailed(ns, failure));
  }
}
