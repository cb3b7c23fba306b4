package io.zookit.registry.http;

import io.zookit.core.Meters;
import io.zookit.core.Timekeeper;

/**
 * Limit on the retries of a caller: of the last {@value #WINDOW_SECONDS} seconds at most a share of the requests, plus a
 * minimum for each second, so that a caller with few requests can retry at all. When a whole service fails, each request
 * then costs it little more than one call instead of three.
 *
 * <p>The term and the standard numbers are those of Finagle; Envoy has the same under the same name. One budget may be
 * shared by several callers, such as all {@link BalancedHttp}s of a process.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Cost:</i> a lock held for some additions.
 */
public final class RetryBudget {

  private static final int WINDOW_SECONDS = 10;
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final double STANDARD_SHARE = 0.2;
  private static final int STANDARD_MINIMUM = 10;
  private static final String RETRIES = "zookit.registry.http.retries";
  private static final String REFUSED = "zookit.registry.http.retries.refused";

  private final double share;
  private final int minimumPerSecond;
  private final Meters meters;
  private final Timekeeper timekeeper;
  private final long origin;
  private final Object lock = new Object();

  /** By the second modulo the window; the sums are those of all seconds of the window. */
  private final long[] requestsAt = new long[WINDOW_SECONDS];

  private final long[] retriesAt = new long[WINDOW_SECONDS];
  private long requests;
  private long retries;
  private long second;

  private RetryBudget(double share, int minimumPerSecond, Meters meters, Timekeeper timekeeper) {
    this.share = share;
    this.minimumPerSecond = minimumPerSecond;
    this.meters = meters;
    this.timekeeper = timekeeper;
    this.origin = timekeeper.nanos();
  }

  /** Returns a new budget of 20 % of the requests and 10 retries a second. */
  public static RetryBudget standard() {
    return of(STANDARD_SHARE, STANDARD_MINIMUM);
  }

  /**
   * Returns a new budget.
   *
   * @param share the retries for each request, 0 or more; 0.2 is one retry for five requests
   * @param minimumPerSecond the retries for each second in addition, 0 or more
   */
  public static RetryBudget of(double share, int minimumPerSecond) {
    if (!(share >= 0 && share <= Integer.MAX_VALUE)) {
      throw new IllegalArgumentException("share: " + share + " (expected: 0 or more)");
    }
    if (minimumPerSecond < 0) {
      throw new IllegalArgumentException(
          "minimumPerSecond: " + minimumPerSecond + " (expected: 0 or more)");
    }
    return new RetryBudget(share, minimumPerSecond, Meters.none(), Timekeeper.system());
  }

  /**
   * Returns a new budget with the same numbers that reports its retries as {@code zookit.registry.http.retries}, and those
   * it refused as {@code zookit.registry.http.retries.refused}.
   */
  public RetryBudget withMeters(Meters meters) {
    return new RetryBudget(share, minimumPerSecond, meters, timekeeper);
  }

  /** Returns a new budget with the same numbers that uses another clock. */
  public RetryBudget withTimekeeper(Timekeeper timekeeper) {
    return new RetryBudget(share, minimumPerSecond, meters, timekeeper);
  }

  /** Records a request, once, however often it is tried. */
  public void onRequest() {
    synchronized (lock) {
      forgetOldSeconds();
      requestsAt[slot()]++;
      requests++;
    }
  }

  /** Takes one retry out of the budget and returns true, or returns false if none is left. */
  public boolean tryRetry() {
    boolean isAdmitted = take();
    meters.count(isAdmitted ? RETRIES : REFUSED, 1);
    return isAdmitted;
  }

  private boolean take() {
    synchronized (lock) {
      forgetOldSeconds();
      if (retries + 1 > share * requests + (double) minimumPerSecond * WINDOW_SECONDS) {
        return false;
      }
      retriesAt[slot()]++;
      retries++;
      return true;
    }
  }

  private void forgetOldSeconds() {
    long now = (timekeeper.nanos() - origin) / SECOND_NANOS;
    for (int i = 0; i < WINDOW_SECONDS && second < now; i++) {
      second++;
      requests -= requestsAt[slot()];
      retries -= retriesAt[slot()];
      requestsAt[slot()] = 0;
      retriesAt[slot()] = 0;
    }
    second = Math.max(second, now);
  }

  private int slot() {
    return (int) (second % WINDOW_SECONDS);
  }

  @Override
  public String toString() {
    return "retries for " + Math.round(share * 100) + " % of the requests and " + minimumPerSecond
        + " a second";
  }
}
