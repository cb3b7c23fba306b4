package io.zookit.scheduler.trigger;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An engine that goes by a {@link Timekeeper}, so that a test holds its time in its hand.
 *
 * <p><i>Cost:</i> one timer of the timekeeper for each trigger.
 */
public final class VirtualTriggerEngine implements TriggerEngine {

  private final Timekeeper timekeeper;
  private final Map<String, Armed> triggers = new HashMap<>();
  private Consumer<String> fired = key -> {};

  /** One arming of a key; an older one that still fires is ignored. */
  private static final class Armed {
    final Timetable timetable;
    Subscription timer = () -> {};

    Armed(Timetable timetable) {
      this.timetable = timetable;
    }
  }

  /** An engine on a clock. */
  public VirtualTriggerEngine(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
  }

  @Override
  public synchronized void start(Consumer<String> newFired) {
    fired = newFired;
  }

  @Override
  public Instant now() {
    return timekeeper.now();
  }

  @Override
  public synchronized void arm(String key, Timetable timetable) {
    disarm(key);
    Armed armed = new Armed(timetable);
    triggers.put(key, armed);
    schedule(key, armed, now());
  }

  @Override
  public synchronized void disarm(String key) {
    Armed armed = triggers.remove(key);
    if (armed != null) {
      armed.timer.close();
    }
  }

  @Override
  public synchronized int armed() {
    return triggers.size();
  }

  @Override
  public synchronized void close() {
    triggers.values().forEach(armed -> armed.timer.close());
    triggers.clear();
  }

  private void schedule(String key, Armed armed, Instant after) {
    armed
        .timetable
        .next(after)
        .ifPresentOrElse(
            due -> {
              Duration delay = Duration.between(now(), due);
              armed.timer = timekeeper.after(
                  delay.isNegative() ? Duration.ZERO : delay, () -> fire(key, armed, due));
            },
            () -> triggers.remove(key, armed));
  }

  private void fire(String key, Armed armed, Instant due) {
    Consumer<String> told;
    synchronized (this) {
      if (triggers.get(key) != armed) {
        return;
      }
      schedule(key, armed, due);
      told = fired;
    }
    told.accept(key);
  }
}
