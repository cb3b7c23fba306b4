package io.zookit.scheduler.trigger;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A priority queue of fire times over a {@link Timekeeper}: the standard engine.
 *
 * <p>A trigger that is late by several of its times fires once for all of them.
 *
 * <p><i>Threads:</i> fires on the thread of the timekeeper; one timer is pending at a time, however many triggers are armed.
 *
 * <p><i>Cost:</i> about 200 bytes per trigger in addition to its timetable; arming and disarming take logarithmic time.
 */
public final class TimekeeperTriggerEngine implements TriggerEngine {

  /** The clock is read again after this time at the latest, however far the next fire time is. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** Triggers that fire before the thread of the timekeeper is given to others. */
  private static final int MOST_AT_ONCE = 1_000;

  private static final Comparator<QueuedTrigger> ORDER =
      Comparator.comparing(QueuedTrigger::due).thenComparingLong(QueuedTrigger::number);

  private final Timekeeper timekeeper;
  private final Map<String, QueuedTrigger> triggers = new HashMap<>();
  private final NavigableSet<QueuedTrigger> queue = new TreeSet<>(ORDER);
  private Consumer<String> fired = key -> {};
  private Subscription timer = () -> {};
  private boolean started;
  private boolean waiting;

  /** End of the timer on the monotonic clock, since the wall clock may be set meanwhile. */
  private long deadline;

  private long count;

  /** A trigger with its next fire time; {@code number} orders those of one time. */
  private record QueuedTrigger(String key, Timetable timetable, Instant due, long number) {}

  /** An engine on a clock. */
  public TimekeeperTriggerEngine(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
  }

  @Override
  public synchronized void start(Consumer<String> newFired) {
    fired = newFired;
    started = true;
    setTimer();
  }

  @Override
  public Instant now() {
    return timekeeper.now();
  }

  @Override
  public synchronized void arm(String key, Timetable timetable) {
    remove(key);
    enqueue(key, timetable, now());
    setTimer();
  }

  @Override
  public synchronized void disarm(String key) {
    remove(key);
  }

  @Override
  public synchronized int armed() {
    return triggers.size();
  }

  @Override
  public synchronized void close() {
    started = false;
    timer.close();
    triggers.clear();
    queue.clear();
  }

  private void remove(String key) {
    QueuedTrigger before = triggers.remove(key);
    if (before != null) {
      queue.remove(before);
    }
  }

  private void enqueue(String key, Timetable timetable, Instant after) {
    timetable.next(after).ifPresent(due -> {
      QueuedTrigger armed = new QueuedTrigger(key, timetable, due, count++);
      triggers.put(key, armed);
      queue.add(armed);
    });
  }

  /** Sets the timer for the first fire time, unless it ends by then already. */
  private void setTimer() {
    if (!started || queue.isEmpty()) {
      return;
    }
    Duration wait = waitFor(queue.first().due);
    long end = timekeeper.nanos() + wait.toNanos();
    if (!waiting || end - deadline < 0) {
      timer.close();
      waiting = true;
      deadline = end;
      timer = timekeeper.after(wait, this::onTimer);
    }
  }

  private Duration waitFor(Instant due) {
    Duration delay = Duration.between(now(), due);
    if (delay.isNegative()) {
      return Duration.ZERO;
    }
    return delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay;
  }

  private void onTimer() {
    List<String> due = new ArrayList<>();
    Consumer<String> receiver;
    synchronized (this) {
      if (!started) {
        return;
      }
      timer.close(); // a later one, if this one was replaced just when it ended
      waiting = false;
      Instant now = now();
      while (due.size() < MOST_AT_ONCE && !queue.isEmpty() && !queue.first().due.isAfter(now)) {
        QueuedTrigger first = queue.first();
        remove(first.key);
        enqueue(first.key, first.timetable, now);
        due.add(first.key);
      }
      receiver = fired;
      setTimer();
    }
    due.forEach(receiver);
  }
}
