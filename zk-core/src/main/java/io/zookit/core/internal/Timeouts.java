package io.zookit.core.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long users are ready to wait: zero is not at all, and there is no too long. */
public final class Timeouts {

  private Timeouts() {}

  /**
   * A timeout in nanoseconds; what does not fit counts as 292 years.
   *
   * @throws IllegalArgumentException when it is negative
   */
  public static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: zero or more)");
    }
    return TimeUnit.NANOSECONDS.convert(timeout);
  }
}
