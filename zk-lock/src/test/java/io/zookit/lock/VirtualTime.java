package io.zookit.lock;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a simulation: everything that happens is an event with a due time, and time jumps from one to the
 * next. All chance comes from here, so a seed tells a whole run.
 */
final class VirtualTime implements Timekeeper, Executor {

  static final long MICRO = 1_000;
  static final long MILLI = 1_000_000;

  private final Random random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long order;

  VirtualTime(long seed) {
    this.random =
        new Random(seed * 0x9E3779B97F4A7C15L); // neighbours should have nothing in common
  }

  private static final class Event implements Comparable<Event> {
    final long due;
    final long order;

    @Nullable
    Runnable task;

    Event(long due, long order, Runnable task) {
      this.due = due;
      this.order = order;
      this.task = task;
    }

    @Override
    public int compareTo(Event other) {
      int byDue = Long.compare(due, other.due);
      return byDue != 0 ? byDue : Long.compare(order, other.order);
    }
  }

  @Override
  public Instant now() {
    return Instant.ofEpochSecond(1_900_000_000L, now);
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Subscription after(Duration delay, Runnable task) {
    return at(now + delay.toNanos(), task);
  }

  /** Runs a task at a moment that is not over. */
  Subscription at(long due, Runnable task) {
    Event event = new Event(due, order++, task);
    events.add(event);
    return () -> event.task = null;
  }

  /** Runs a task within a span from now. */
  Subscription within(long least, long most, Runnable task) {
    return at(now + between(least, most), task);
  }

  /** What an executor's thread does some time soon. */
  @Override
  public void execute(Runnable task) {
    within(0, chance(0.05) ? 20 * MILLI : 200 * MICRO, task);
  }

  /**
   * Lets the next event happen.
   *
   * @return false when there is none
   */
  boolean step() {
    for (Event event = events.poll(); event != null; event = events.poll()) {
      if (event.task != null) {
        now = event.due;
        event.task.run();
        return true;
      }
    }
    return false;
  }

  /** How long a message is under way: mostly short, now and then so long that others overtake it. */
  long flight() {
    return chance(0.04) ? between(5 * MILLI, 120 * MILLI) : between(20 * MICRO, 2 * MILLI);
  }

  long between(long least, long most) {
    return least + (long) (random.nextDouble() * (most - least));
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  Random random() {
    return random;
  }
}
