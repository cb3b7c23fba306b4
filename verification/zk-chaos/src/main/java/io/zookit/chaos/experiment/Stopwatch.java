package io.zookit.chaos.experiment;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Measures from a moment on, and waits. */
public final class Stopwatch {

  private static final long POLL_MILLIS = 2;

  private final long start = Timekeeper.system().nanos();

  /** Time since the start. */
  public Duration elapsed() {
    return Duration.ofNanos(Timekeeper.system().nanos() - start);
  }

  public boolean hasPassed(Duration limit) {
    return elapsed().compareTo(limit) >= 0;
  }

  /** Waits until something holds; false when it did not in time. */
  public static boolean await(Duration atMost, BooleanSupplier condition)
      throws InterruptedException {
    Stopwatch watch = new Stopwatch();
    while (!condition.getAsBoolean()) {
      if (watch.hasPassed(atMost)) {
        return false;
      }
      pause(Duration.ofMillis(POLL_MILLIS));
    }
    return true;
  }

  /** Does nothing for a while. */
  public static void pause(Duration length) throws InterruptedException {
    Timekeeper.system().sleep(length);
  }
}
