package io.zookit.core;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/**
 * The only reader of the clock.
 *
 * <p>All code of Zookit that reads the time, measures it or waits for it uses a timekeeper, so a test can control time.
 *
 * <p><i>Threads:</i> all methods may be called from any thread. Tasks given to {@link #after} share one thread: they
 * must be brief and must not block; hand work over to an executor.
 */
public interface Timekeeper {

  /** The wall clock. For people and records, never for measuring. */
  Instant now();

  /** A monotonic clock in nanoseconds with an arbitrary origin; compare by difference only. */
  long nanos();

  /**
   * Runs a task once, {@code delay} from now.
   *
   * @param delay zero or more
   * @return closing it before the task has started cancels the task
   */
  Subscription after(Duration delay, Runnable task);

  /**
   * Waits for a duration; a test that controls time ends the wait by advancing it.
   *
   * @param duration zero or more
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  default void sleep(Duration duration) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    try (Subscription pending = after(duration, over::countDown)) {
      over.await();
    }
  }

  /** The clocks of this machine. Its thread is a daemon and ends when nothing is pending. */
  static Timekeeper system() {
    return SystemTimekeeper.INSTANCE;
  }
}
