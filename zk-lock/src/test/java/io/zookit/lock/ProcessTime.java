package io.zookit.lock;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The clock and the threads of one process: while it is stopped the clock goes on and nothing runs. */
final class ProcessTime implements Timekeeper, Executor {

  private final VirtualTime time;
  private final Deque<Runnable> missed = new ArrayDeque<>();
  private boolean stopped;

  ProcessTime(VirtualTime time) {
    this.time = time;
  }

  boolean isStopped() {
    return stopped;
  }

  void stop(long span) {
    if (!stopped) {
      stopped = true;
      time.within(span, span, () -> {
        stopped = false;
        while (!stopped && !missed.isEmpty()) {
          missed.remove().run();
        }
      });
    }
  }

  /** Runs a task now, or behind what was missed when the process goes on. */
  void hear(Runnable task) {
    if (stopped) {
      missed.add(task);
    } else {
      task.run();
    }
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public long nanos() {
    return time.nanos();
  }

  @Override
  public Subscription after(Duration delay, Runnable task) {
    AtomicBoolean open = new AtomicBoolean(true);
    Subscription event = time.after(
        delay,
        () -> hear(() -> {
          if (open.get()) {
            task.run();
          }
        }));
    return () -> {
      open.set(false);
      event.close();
    };
  }

  Subscription within(long least, long most, Runnable task) {
    return time.within(least, most, () -> hear(task));
  }

  @Override
  public void execute(Runnable task) {
    time.execute(() -> hear(task));
  }
}
