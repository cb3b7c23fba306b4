package io.zookit.registry.balance;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one process measured of one instance: calls under way, latency, failures, and the load it reported.
 *
 * <p>Latency is a peak-sensitive mean (Finagle's peak EWMA): a slower answer counts at once, faster ones little by little,
 * and with time it is forgotten. Calls that nobody ends stop counting as under way after 6 to 8 minutes.
 *
 * <p><i>Threads:</i> any, without locks.
 */
public final class CallStats {

  private static final int SLOTS = 4;
  private static final long SLOT_NANOS = 120_000_000_000L;
  private static final int COUNT_BITS = 24;
  private static final long COUNT = (1L << COUNT_BITS) - 1;
  private static final double DECAY_NANOS = 10e9;
  private static final double FAILURE_SHARE = 0.2;

  /** Means at a moment; {@code latency} is negative while there was no answer. */
  private record Means(double latency, double failures, long at) {}

  private record Load(double value, long at, long period) {}

  private static final Load NO_LOAD = new Load(0, 0, 0);

  private final long origin;
  private final long bornAt;
  private final AtomicLongArray open = new AtomicLongArray(SLOTS);
  private final AtomicInteger failuresInRow = new AtomicInteger();
  private final AtomicReference<Means> means;
  private volatile Load load = NO_LOAD;

  /**
   * Nothing measured yet.
   *
   * @param now the clock in nanoseconds
   * @param age how long the instance has been there, in nanoseconds
   */
  public CallStats(long now, long age) {
    this.origin = now;
    this.bornAt = now - age;
    this.means = new AtomicReference<>(new Means(-1, 0, now));
  }

  /**
   * A call begins.
   *
   * @return what ends it
   */
  public long begin(long now) {
    long slot = slot(now);
    open.accumulateAndGet((int) (slot % SLOTS), slot, CallStats::oneMore);
    return slot;
  }

  /** A call ended, with or without a result; once for each that began. */
  public void end(long begun) {
    open.accumulateAndGet((int) (begun % SLOTS), begun, CallStats::oneLess);
  }

  /** A call succeeded after so many nanoseconds. */
  public void succeed(long now, long latency) {
    if (failuresInRow.get() != 0) {
      failuresInRow.set(0);
    }
    means.updateAndGet(before -> after(before, now, (double) latency, 0));
  }

  /** A call failed after so many nanoseconds. */
  public void fail(long now, long latency) {
    failuresInRow.incrementAndGet();
    means.updateAndGet(before -> after(before, now, (double) latency, 1));
  }

  /** The instance said how busy it is: 0 is idle, 1 is full. It counts less and less over some periods. */
  public void reportLoad(long now, double value, long period) {
    load = new Load(Math.max(0, Math.min(value, 1)), now, Math.max(1, period));
  }

  /** The calls under way. */
  public int inFlight(long now) {
    long newest = slot(now);
    int sum = 0;
    for (int i = 0; i < SLOTS; i++) {
      long value = open.get(i);
      if (newest - (value >>> COUNT_BITS) < SLOTS) {
        sum += (int) (value & COUNT);
      }
    }
    return sum;
  }

  /** The mean latency in nanoseconds; negative while there was no answer. */
  public double latency(long now) {
    Means last = current();
    return last.latency < 0 ? last.latency : last.latency * fading(now - last.at);
  }

  /** The share of failures among the last calls, forgotten with time: 0 to 1. */
  public double failures(long now) {
    Means last = current();
    return last.failures == 0 ? 0 : last.failures * fading(now - last.at);
  }

  /** How many calls failed since the last that succeeded. */
  public int failuresInRow() {
    return failuresInRow.get();
  }

  /** How busy the instance said it is, as far as that still counts: 0 to 1. */
  public double load(long now) {
    Load last = load;
    return last.period == 0
        ? 0
        : last.value * Math.exp(-(double) (now - last.at) / (3.0 * last.period));
  }

  /** When a call last came to something, or this was made. */
  public long heardAt() {
    return current().at;
  }

  /** How long the instance has been there, in nanoseconds. */
  public long age(long now) {
    return now - bornAt;
  }

  private Means current() {
    return Objects.requireNonNull(means.get());
  }

  private static Means after(Means before, long now, double latency, int failed) {
    double kept = before.latency < 0 ? 0 : fading(now - before.at);
    double mean = latency > before.latency ? latency : before.latency * kept + latency * (1 - kept);
    double failures = before.failures * fading(now - before.at);
    return new Means(mean, failures + FAILURE_SHARE * (failed - failures), now);
  }

  private static double fading(long nanos) {
    return nanos <= 0 ? 1 : Math.exp(-nanos / DECAY_NANOS);
  }

  private long slot(long now) {
    return 1 + Math.max(0, now - origin) / SLOT_NANOS;
  }

  private static long oneMore(long value, long slot) {
    return value >>> COUNT_BITS == slot ? value + 1 : slot << COUNT_BITS | 1;
  }

  private static long oneLess(long value, long slot) {
    return value >>> COUNT_BITS == slot && (value & COUNT) > 0 ? value - 1 : value;
  }
}
