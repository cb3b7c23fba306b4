package io.zookit.chaos.experiment;

import java.time.Duration;

/**
 * Throughput of a machine while nothing is broken. A threshold that depends on the machine, such as a number of
 * acknowledgements or of faults, is lowered by as much as the machine is slower than the one the threshold was chosen
 * for; a bound on what must never happen is not.
 *
 * @param done number of completed operations
 * @param in the time they took
 */
public record BaselineRate(long done, Duration in) {

  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final Duration MOST = Duration.ofMinutes(1);
  private static final int SHARE = 6;

  /** Returns how long to measure before a run: a minute, or a proportionate time for a short run. */
  public static Duration calm(Duration length) {
    Duration share = length.dividedBy(SHARE);
    return share.compareTo(LEAST) < 0 ? LEAST : share.compareTo(MOST) > 0 ? MOST : share;
  }

  /** Returns the number of operations in a minute. */
  public long perMinute() {
    return Math.round(done * (double) MOST.toNanos() / Math.max(1, in.toNanos()));
  }

  /**
   * The speed of this machine, 1 or less.
   *
   * @param wanted how much a minute a machine does for which thresholds need not be lowered
   */
  public double speed(long wanted) {
    return Math.min(1, perMinute() / (double) wanted);
  }
}
