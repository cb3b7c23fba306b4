package io.zookit.lock.internal.lease;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.concurrent.atomic.AtomicInteger;

/** The measurements of all locks of a client; never per lock name. */
public final class LockMeters {

  private final Meters meters;
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Subscription heldGauge;
  private final Subscription waitingGauge;
  private final AtomicInteger greatestSequence = new AtomicInteger();
  private final Subscription headroomGauge;

  public LockMeters(Meters meters) {
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
  public void onHandedOff() {
    meters.count("zookit.lock.hand-offs", 1);
  }

  /** A node with that number was given up. */
  public void onSequence(int sequence) {
    int used = sequence < 0 ? QueueEntry.SEQUENCE_LIMIT : sequence;
    greatestSequence.accumulateAndGet(used, Math::max);
  }

  /** The numbers of the queue that was nearest to its end start again. */
  public void onRenewed() {
    greatestSequence.set(0);
  }

  public void close() {
    headroomGauge.close();
    heldGauge.close();
    waitingGauge.close();
  }
}
