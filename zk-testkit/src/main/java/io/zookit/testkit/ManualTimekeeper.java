package io.zookit.testkit;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Time that moves only when a test says so.
 *
 * <p>Tasks run on the thread that calls {@link #advance}, in the order of their due times and, among equals, in the
 * order they were given; each sees the clocks at its own due time. A task given by a task runs in the same {@code
 * advance} when it is due within it.
 *
 * <p><i>Threads:</i> all methods may be called from any thread; one {@code advance} at a time.
 *
 * <p><i>Failure:</i> what a task throws comes out of {@code advance}; the clocks stay at that task's due time and the
 * tasks after it stay pending.
 */
public final class ManualTimekeeper implements Timekeeper {

  private final Object lock = new Object();
  private final Instant origin;
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final AtomicReference<@Nullable Thread> advancing = new AtomicReference<>();
  private long elapsed;
  private Duration wallOffset = Duration.ZERO;
  private long given;

  /** Starts at an arbitrary moment that is the same in every run. */
  public ManualTimekeeper() {
    this(Instant.parse("2030-01-01T00:00:00Z"));
  }

  /** Starts at a given moment of the wall clock. */
  public ManualTimekeeper(Instant start) {
    origin = start;
  }

  @Override
  public Instant now() {
    synchronized (lock) {
      return origin.plusNanos(elapsed).plus(wallOffset);
    }
  }

  @Override
  public long nanos() {
    synchronized (lock) {
      return elapsed;
    }
  }

  @Override
  public Subscription after(Duration delay, Runnable task) {
    requireNotNegative("delay", delay);
    synchronized (lock) {
      long due = elapsed + Math.min(TimeUnit.NANOSECONDS.convert(delay), Long.MAX_VALUE - elapsed);
      Timer timer = new Timer(due, given++, task);
      timers.add(timer);
      return () -> {
        synchronized (lock) {
          timers.remove(timer);
        }
      };
    }
  }

  /**
   * Moves both clocks on and runs what falls due, also with a step of zero.
   *
   * @throws IllegalStateException if called from a task or while another thread advances
   */
  public void advance(Duration step) {
    requireNotNegative("step", step);
    if (!advancing.compareAndSet(null, Thread.currentThread())) {
      throw new IllegalStateException("time is being advanced already, by " + advancing.get());
    }
    try {
      long end = nanos() + step.toNanos();
      for (Timer due = nextUntil(end); due != null; due = nextUntil(end)) {
        due.task.run();
      }
    } finally {
      advancing.set(null);
    }
  }

  /** Sets the wall clock forward or, by a negative step, back; {@link #nanos} and timers do not notice. */
  public void jumpWallClock(Duration step) {
    synchronized (lock) {
      wallOffset = wallOffset.plus(step);
    }
  }

  /** Returns the number of tasks that wait for their time. */
  public int pending() {
    synchronized (lock) {
      return timers.size();
    }
  }

  /** Takes the next task due by {@code end} and sets the clocks to it, or else to {@code end}. */
  private @Nullable Timer nextUntil(long end) {
    synchronized (lock) {
      Timer next = timers.peek();
      if (next == null || next.due > end) {
        elapsed = end;
        return null;
      }
      elapsed = next.due;
      return timers.remove();
    }
  }

  private static void requireNotNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: zero or more)");
    }
  }

  private record Timer(long due, long order, Runnable task) implements Comparable<Timer> {

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }
}
