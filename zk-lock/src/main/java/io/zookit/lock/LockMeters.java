package io.zookit.lock;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.concurrent.atomic.AtomicInteger;

/** What is measured of all locks of a client; never per lock name. */
final class LockMeters {

  private final Meters meters;
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Subscription heldGauge;
  private final Subscription waitingGauge;

  LockMeters(Meters meters) {
    this.meters = meters;
    this.heldGauge = meters.gauge("zookit.lock.held", held::get);
    this.waitingGauge = meters.gauge("zookit.lock.waiting", waiting::get);
  }

  void onAsked() {
    waiting.incrementAndGet();
  }

  void onGivenUp() {
    waiting.decrementAndGet();
    meters.count("zookit.lock.given-up", 1);
  }

  void onGranted(long waitedNanos) {
    waiting.decrementAndGet();
    held.incrementAndGet();
    meters.time("zookit.lock.wait", waitedNanos);
  }

  void onReleased(long heldNanos) {
    held.decrementAndGet();
    meters.time("zookit.lock.hold", heldNanos);
  }

  void onLost() {
    held.decrementAndGet();
    meters.count("zookit.lock.losses", 1);
  }

  void close() {
    heldGauge.close();
    waitingGauge.close();
  }
}
