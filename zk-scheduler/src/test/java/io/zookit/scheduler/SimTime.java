package io.zookit.scheduler;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;

/** Virtual time: events in order, no threads. */
final class SimTime {

  static final Instant ORIGIN = Instant.parse("2026-03-01T00:00:00Z");

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nanos;
  private long count;

  private record Event(long at, long order, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  long nanos() {
    return nanos;
  }

  long millis() {
    return ORIGIN.toEpochMilli() + nanos / 1_000_000;
  }

  void in(Duration delay, Runnable task) {
    events.add(new Event(nanos + delay.toNanos(), count++, task));
  }

  void inMillis(long millis, Runnable task) {
    in(Duration.ofMillis(millis), task);
  }

  void run(Duration length) {
    long end = nanos + length.toNanos();
    while (!events.isEmpty() && events.peek().at <= end) {
      Event event = events.remove();
      nanos = event.at;
      event.task.run();
    }
    nanos = end;
  }

  /** One machine: its clocks, and whether its processes run. */
  final class Machine implements Timekeeper {

    private final Queue<Runnable> deferred = new ArrayDeque<>();
    long wallOffsetMillis;
    boolean frozen;
    boolean dead;

    /** The process lives and its session is kept, but its loop does nothing any more. */
    boolean stuck;

    @Override
    public Instant now() {
      return ORIGIN.plusNanos(nanos).plusMillis(wallOffsetMillis);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public Subscription after(Duration delay, Runnable task) {
      boolean[] closed = {false};
      in(
          delay,
          () -> execute(() -> {
            if (!closed[0]) {
              task.run();
            }
          }));
      return () -> closed[0] = true;
    }

    /** Runs a task now, when thawed, or never. */
    void execute(Runnable task) {
      if (dead) {
        return;
      }
      if (frozen || stuck) {
        deferred.add(task);
      } else {
        task.run();
      }
    }

    void thaw() {
      frozen = false;
      while (!deferred.isEmpty() && !frozen) {
        execute(deferred.remove());
      }
    }
  }
}
