package io.zookit.core.internal;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.data.Stat;

/**
 * The highest transaction number this process has seen, over all its sessions.
 *
 * <p>A create that was sent after a number was seen must be given a greater one. If it is not, the data this process
 * talked to is not the data it talks to now: it was wiped or restored.
 */
final class ZxidWatermark {

  private final AtomicLong highest = new AtomicLong();
  private final Runnable regressed;

  /**
   * Creates a watermark.
   *
   * @param regressed called, on any thread, when a create was given a number that had been passed before
   */
  ZxidWatermark(Runnable regressed) {
    this.regressed = regressed;
  }

  long highest() {
    return highest.get();
  }

  void seen(Stat stat) {
    raise(Math.max(stat.getCzxid(), stat.getMzxid()));
  }

  void created(long zxid, long seenWhenSent) {
    if (zxid <= seenWhenSent) {
      regressed.run();
    } else {
      raise(zxid);
    }
  }

  /** Forgets what was seen: an operator has said that the present data is right. */
  void restart() {
    highest.set(0);
  }

  private void raise(long zxid) {
    highest.accumulateAndGet(zxid, Math::max);
  }
}
