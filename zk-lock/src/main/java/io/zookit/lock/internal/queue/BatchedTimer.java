package io.zookit.lock.internal.queue;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks after a fixed delay, with one timer for all: most are cancelled long before, and a timer for each would wake
 * its thread without effect. Used on the loop.
 */
final class BatchedTimer {

  private static final class Task {
    final long due;
    final Runnable step;

    Task(long due, Runnable step) {
      this.due = due;
      this.step = step;
    }
  }

  private final Timekeeper timekeeper;
  private final SerialLane loop;
  private final Duration delay;
  private final Set<Task> waiting = new LinkedHashSet<>(); // in the order they are due
  private @Nullable Subscription timer;

  BatchedTimer(Timekeeper timekeeper, SerialLane loop, Duration delay) {
    this.timekeeper = timekeeper;
    this.loop = loop;
    this.delay = delay;
  }

  /**
   * Runs a step on the loop when the while is over.
   *
   * @return closing it, on the loop, takes the step back
   */
  Subscription run(Runnable step) {
    Task task = new Task(timekeeper.nanos() + delay.toNanos(), step);
    waiting.add(task);
    if (timer == null) {
      timer = wake(delay);
    }
    return () -> waiting.remove(task);
  }

  int size() {
    return waiting.size();
  }

  /** Runs nothing more. */
  void close() {
    waiting.clear();
    if (timer != null) {
      timer.close();
    }
  }

  private Subscription wake(Duration in) {
    return timekeeper.after(in, () -> loop.execute(this::runDue));
  }

  private void runDue() {
    timer = null;
    while (!waiting.isEmpty()) {
      Task oldest = waiting.iterator().next();
      long left = oldest.due - timekeeper.nanos();
      if (left > 0) {
        timer = wake(Duration.ofNanos(left));
        return;
      }
      waiting.remove(oldest);
      loop.execute(oldest.step);
    }
  }
}
