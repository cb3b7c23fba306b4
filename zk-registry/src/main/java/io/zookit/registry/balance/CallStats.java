package io.zookit.registry.balance;

import org.jspecify.annotations.Nullable;

/**
 * Statistics that one process keeps of one instance: calls in flight, latency, failures, and the load the instance
 * reported.
 *
 * <p>Latency is a peak-sensitive mean (Finagle's peak EWMA): a slower answer counts at once, faster ones gradually, and
 * it decays with time. Calls that are never ended stop counting as in flight after 6 to 8 minutes.
 *
 * <p><i>Threads:</i> any; a lock only at the first call.
 */
public final class CallStats {

  private static final long SLOT_NANOS = 120_000_000_000L;

  private final long bornAt;

  /** Made by the first call or report: most instances of a large service are never called by one consumer. */
  private volatile @Nullable Calls calls;

  /**
   * Nothing measured yet.
   *
   * @param now the clock in nanoseconds
   * @param age how long the instance has been there, in nanoseconds
   */
  public CallStats(long now, long age) {
    this.bornAt = now - age;
  }

  /**
   * A call begins.
   *
   * @return what ends it
   */
  public long begin(long now) {
    long slot = slot(now);
    calls(now).begin(slot);
    return slot;
  }

  /** A call ended, with or without a result; once for each that began. */
  public void end(long begun) {
    Calls known = calls;
    if (known != null) {
      known.end(begun);
    }
  }

  /** Records a call that succeeded after {@code latency} nanoseconds. */
  public void succeed(long now, long latency) {
    calls(now).succeed(now, (double) latency);
  }

  /** Records a call that failed after {@code latency} nanoseconds. */
  public void fail(long now, long latency) {
    calls(now).fail(now, (double) latency);
  }

  /** The instance said how busy it is: 0 is idle, 1 is full. It counts less and less over some periods. */
  public void reportLoad(long now, double value, long period) {
    calls(now).reportLoad(now, Math.max(0, Math.min(value, 1)), Math.max(1, period));
  }

  /** The calls under way. */
  public int inFlight(long now) {
    Calls known = calls;
    return known == null ? 0 : known.inFlight(slot(now));
  }

  /** The mean latency in nanoseconds; negative while there was no answer. */
  public double latency(long now) {
    Calls known = calls;
    return known == null ? -1 : known.latency(now);
  }

  /**
   * The latency in nanoseconds without single long ones, such as that of a first call, and not forgotten with time; negative
   * before the tenth answer.
   */
  double typicalLatency() {
    Calls known = calls;
    return known == null ? -1 : known.typicalLatency();
  }

  /** The share of failures among the last calls, forgotten with time: 0 to 1. */
  public double failures(long now) {
    Calls known = calls;
    return known == null ? 0 : known.failures(now);
  }

  /** Returns the number of calls that have failed since the last success. */
  public int failuresInRow() {
    Calls known = calls;
    return known == null ? 0 : known.failuresInRow();
  }

  /** Returns the load the instance reported, as far as it still counts: 0 to 1. */
  public double load(long now) {
    Calls known = calls;
    return known == null ? 0 : known.load(now);
  }

  /**
   * Returns the time at which a call last ended, or of the first call or report; before that, the time at which the
   * instance was created. In nanoseconds.
   */
  public long heardAt() {
    Calls known = calls;
    return known == null ? bornAt : known.heardAt();
  }

  /** Returns the age of the instance, in nanoseconds. */
  public long age(long now) {
    return now - bornAt;
  }

  private Calls calls(long now) {
    Calls known = calls;
    return known == null ? first(now) : known;
  }

  private synchronized Calls first(long now) {
    Calls known = calls;
    if (known == null) {
      known = new Calls(now);
      calls = known;
    }
    return known;
  }

  private long slot(long now) {
    return 1 + Math.max(0, now - bornAt) / SLOT_NANOS;
  }
}
