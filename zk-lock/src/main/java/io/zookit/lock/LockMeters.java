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
  private final AtomicInteger greatestSequence = new AtomicInteger();
  private final Subscription headroomGauge;

  LockMeters(Meters meters) {
    this.meters = meters;
    this.heldGauge = meters.gauge("zookit.lock.held", held::get);
    this.waitingGauge = meters.gauge("zookit.lock.waiting", waiting::get);
    this.headroomGauge = meters.gauge(
        "zookit.lock.sequence-headroom", () -> QueueEntry.SEQUENCE_LIMIT - greatestSequence.get());
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

  /** A lock went from one owner of this process to the next, without a request. */
  void onHandedOff() {
    meters.count("zookit.lock.hand-offs", 1);
  }

  /** A node with that number was given up. */
  void onSequence(int sequence) {
    int used = sequence < 0 ? QueueEntry.SEQUENCE_LIMIT : sequence;
    greatestSequence.accumulateAndGet(used, Math::max);
  }

  /** The numbers of the queue that was nearest to its end start again. */
  void onRenewed() {
    greatestSequence.set(0);
  }

  void close() {
    headroomGauge.close();
    heldGauge.close();
    waitingGauge.close();
  }
}
