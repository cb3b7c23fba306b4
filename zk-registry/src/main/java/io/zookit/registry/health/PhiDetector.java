package io.zookit.registry.health;

/**
 * Detector of suspicious silence of one instance: phi accrual (Hayashibara and others). Phi 8 means that with this
 * rhythm a silence of this length happens by chance once in 10⁸ times.
 *
 * <p>Times are milliseconds of one clock, such as the stamps of one leader. Used by one thread at a time.
 */
public final class PhiDetector {

  private static final int REMEMBERED = 100;
  private static final double LEAST_DEVIATION = 0.1;
  private static final double HIGHEST = 300;

  private final double[] gaps = new double[REMEMBERED];
  private long last = Long.MIN_VALUE;
  private int count;

  /**
   * Creates a detector that expects a beat every {@code expected} milliseconds until it has seen enough beats to know
   * better.
   */
  public PhiDetector(long expected) {
    gaps[0] = expected * 0.75;
    gaps[1] = expected * 1.25;
    count = 2;
  }

  /** A sign of life; an older one than the last is ignored. */
  public void beat(long at) {
    if (last != Long.MIN_VALUE && at > last) {
      gaps[count++ % REMEMBERED] = at - last;
    }
    last = Math.max(last, at);
  }

  /**
   * Records a sign of life of an instance that is observed less often than it beats.
   *
   * @param period the rhythm the instance reports; longer gaps are several beats of which the others were not seen
   */
  public void beat(long at, long period) {
    if (last != Long.MIN_VALUE && at > last) {
      long unseen = Math.max(1, Math.round((double) (at - last) / Math.max(1, period)));
      gaps[count++ % REMEMBERED] = (double) (at - last) / unseen;
    }
    last = Math.max(last, at);
  }

  /** Restarts the measurement of silence, because the clock is a different one or this process was not listening. */
  public void restart(long at) {
    last = at;
  }

  /** Tells if there was a sign of life. */
  public boolean isStarted() {
    return last != Long.MIN_VALUE;
  }

  /** The suspicion at a moment, zero or more. */
  public double phi(long at) {
    if (last == Long.MIN_VALUE || at <= last) {
      return 0;
    }
    int size = Math.min(count, REMEMBERED);
    double mean = 0;
    for (int i = 0; i < size; i++) {
      mean += gaps[i] / size;
    }
    double variance = 0;
    for (int i = 0; i < size; i++) {
      variance += (gaps[i] - mean) * (gaps[i] - mean) / size;
    }
    double deviation = Math.max(Math.sqrt(variance), LEAST_DEVIATION * mean);
    return suspicion((at - last - mean) / deviation);
  }

  /** Minus the logarithm of the tail of a normal distribution, by a logistic approximation. */
  private static double suspicion(double y) {
    double exponent = y * (1.5976 + 0.070566 * y * y);
    double phi =
        exponent > 30 ? exponent / Math.log(10) : Math.log1p(Math.exp(exponent)) / Math.log(10);
    return Math.min(HIGHEST, phi);
  }
}
