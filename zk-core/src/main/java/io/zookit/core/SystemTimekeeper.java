package io.zookit.core;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's clocks, and one daemon thread for timers that ends after ten idle seconds. */
final class SystemTimekeeper implements Timekeeper {

  static final SystemTimekeeper INSTANCE = new SystemTimekeeper();

  private final ScheduledThreadPoolExecutor timers;

  private SystemTimekeeper() {
    timers = new ScheduledThreadPoolExecutor(1, task -> {
      Thread thread = new Thread(task, "zookit-timer");
      thread.setDaemon(true);
      return thread;
    });
    timers.setRemoveOnCancelPolicy(true);
    timers.setKeepAliveTime(10, TimeUnit.SECONDS);
    timers.allowCoreThreadTimeOut(true);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Subscription after(Duration delay, Runnable task) {
    Future<?> timer =
        timers.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  /** Waits without a timer. */
  @Override
  public void sleep(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(TimeUnit.NANOSECONDS.convert(duration));
  }
}
