package io.zookit.core;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of this machine, moved on at once when a test says so, as a process finds them that was stopped. */
public final class ShiftedTime implements Timekeeper {

  private final Timekeeper system = Timekeeper.system();
  private final AtomicLong shift = new AtomicLong();

  /** Both clocks are later now; timers have not noticed yet. */
  public void pause(Duration step) {
    shift.addAndGet(step.toNanos());
  }

  @Override
  public Instant now() {
    return system.now().plusNanos(shift.get());
  }

  @Override
  public long nanos() {
    return system.nanos() + shift.get();
  }

  @Override
  public Subscription after(Duration delay, Runnable task) {
    return system.after(delay, task);
  }
}
