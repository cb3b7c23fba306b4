package io.zookit.testkit.internal.sim;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of a simulation: everything that happens is an event with a due time, and time jumps from one event to
 * the next, on the calling thread. All randomness comes from here, so a seed determines a whole run.
 */
public final class VirtualTime implements Timekeeper, Executor {

  /** Nanoseconds of a microsecond. */
  public static final long MICRO = 1_000;

  /** Nanoseconds of a millisecond. */
  public static final long MILLI = 1_000_000;

  /** Nanoseconds of a second. */
  public static final long SECOND = 1_000_000_000;

  /** A midnight, so that periods begin together. */
  private static final Instant ORIGIN = Instant.parse("2030-01-01T00:00:00Z");

  private static final double OVERTAKEN = 0.04;

  private final Random random;
  private final PriorityQueue<TimedTask> events = new PriorityQueue<>();
  private long now;
  private long scheduled;
  private boolean stepping;
  private LongSupplier flights = this::mixedFlight;

  /** Creates a scheduler whose every decision follows from the seed. */
  public VirtualTime(long seed) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L); // neighboring seeds share nothing
  }

  private static final class TimedTask implements Comparable<TimedTask> {
    final long due;
    final long order;

    @Nullable
    Runnable task;

    TimedTask(long due, long order, Runnable task) {
      this.due = due;
      this.order = order;
      this.task = task;
    }

    @Override
    public int compareTo(TimedTask other) {
      int byDue = Long.compare(due, other.due);
      return byDue != 0 ? byDue : Long.compare(order, other.order);
    }
  }

  @Override
  public Instant now() {
    return ORIGIN.plusNanos(now);
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Subscription after(Duration delay, Runnable task) {
    return at(now + delay.toNanos(), task);
  }

  /** Schedules a task for a moment that is not over. */
  public Subscription at(long due, Runnable task) {
    TimedTask event = new TimedTask(due, scheduled++, task);
    events.add(event);
    return () -> event.task = null;
  }

  /** Schedules a task for a random moment within a span from now. */
  public Subscription within(long least, long most, Runnable task) {
    return at(now + between(least, most), task);
  }

  /** Runs a task as a thread of a pool would: soon, now and then late. */
  @Override
  public void execute(Runnable task) {
    within(0, chance(0.05) ? 20 * MILLI : 200 * MICRO, task);
  }

  /**
   * Lets the next event happen.
   *
   * @return whether there was one
   * @throws IllegalStateException if an event calls this
   */
  public boolean step() {
    requireOutside();
    stepping = true;
    try {
      return next();
    } finally {
      stepping = false;
    }
  }

  private void requireOutside() {
    if (stepping) {
      throw new IllegalStateException("called by what happens in the simulation");
    }
  }

  private boolean next() {
    for (TimedTask event = events.poll(); event != null; event = events.poll()) {
      Runnable task = event.task;
      if (task != null) {
        now = event.due;
        task.run();
        return true;
      }
    }
    return false;
  }

  /** Lets everything happen that is due within a span; afterwards the span is over. */
  public void run(Duration span) {
    requireOutside();
    long end = now + span.toNanos();
    for (TimedTask next = events.peek(); next != null && next.due <= end; next = events.peek()) {
      if (next.task == null) {
        events.poll();
      } else {
        step();
      }
    }
    now = end;
  }

  /** The time a message is under way. */
  long flight() {
    return flights.getAsLong();
  }

  private long mixedFlight() {
    return chance(OVERTAKEN) ? between(5 * MILLI, 120 * MILLI) : between(20 * MICRO, 2 * MILLI);
  }

  /** Lets messages be under way for a random time within a span, on every hop. */
  public void flights(long least, long most) {
    flights = () -> between(least, most);
  }

  /** Lets messages be under way for a short time, now and then for so long that others overtake them: the default. */
  public void mixedFlights() {
    flights = this::mixedFlight;
  }

  /** A random number from {@code least} to below {@code most}. */
  public long between(long least, long most) {
    return least + (long) (random.nextDouble() * (most - least));
  }

  /** A random number from 0 to below {@code bound}. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** Decides at random, with this probability for true. */
  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** The source of all randomness of this run. */
  public Random random() {
    return random;
  }
}
