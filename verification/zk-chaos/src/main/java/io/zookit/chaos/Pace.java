package io.zookit.chaos;

import java.time.Duration;

/**
 * What a machine gets done while nothing is broken. A threshold that measures the machine, such as a count of
 * acknowledgements or of faults, is lowered by as much as the machine is slower than the one the threshold was made for;
 * what must not happen at all is not.
 *
 * @param done how much was done
 * @param in the time it took
 */
record Pace(long done, Duration in) {

  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final Duration MOST = Duration.ofMinutes(1);
  private static final int SHARE = 6;

  /** How long to measure before a run: a minute, or in proportion for a short one. */
  static Duration calm(Duration length) {
    Duration share = length.dividedBy(SHARE);
    return share.compareTo(LEAST) < 0 ? LEAST : share.compareTo(MOST) > 0 ? MOST : share;
  }

  /** How much a minute. */
  long perMinute() {
    return Math.round(done * (double) MOST.toNanos() / Math.max(1, in.toNanos()));
  }

  /**
   * The speed of this machine, 1 or less.
   *
   * @param wanted how much a minute a machine does for which thresholds need not be lowered
   */
  double speed(long wanted) {
    return Math.min(1, perMinute() / (double) wanted);
  }
}
