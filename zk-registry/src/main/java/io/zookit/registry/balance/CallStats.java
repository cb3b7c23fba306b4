package io.zookit.registry.balance;

import org.jspecify.annotations.Nullable;

/**
 * What one process measured of one instance: calls under way, latency, failures, and the load it reported.
 *
 * <p>Latency is a peak-sensitive mean (Finagle's peak EWMA): a slower answer counts at once, faster ones little by little,
 * and with time it is forgotten. Calls that nobody ends stop counting as under way after 6 to 8 minutes.
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

  /** A call succeeded after so many nanoseconds. */
  public void succeed(long now, long latency) {
    calls(now).succeed(now, (double) latency);
  }

  /** A call failed after so many nanoseconds. */
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

  /** How many calls failed since the last that succeeded. */
  public int failuresInRow() {
    Calls known = calls;
    return known == null ? 0 : known.failuresInRow();
  }

  /** How busy the instance said it is, as far as that still counts: 0 to 1. */
  public double load(long now) {
    Calls known = calls;
    return known == null ? 0 : known.load(now);
  }

  /** When a call last came to something, or the first thing was heard; before that, when the instance was made. */
  public long heardAt() {
    Calls known = calls;
    return known == null ? bornAt : known.heardAt();
  }

  /** How long the instance has been there, in nanoseconds. */
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
