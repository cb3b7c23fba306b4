package io.zookit.chaos.fault;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;

/** The clocks of this machine, but for a wall clock that can be set wrong. Thread-safe. */
public final class ShiftedClock implements Timekeeper {

  private volatile Duration shift = Duration.ZERO;

  /** From now on the wall clock is so far ahead, or behind when it is negative. */
  public void shift(Duration ahead) {
    shift = ahead;
  }

  @Override
  public Instant now() {
    return Timekeeper.system().now().plus(shift);
  }

  @Override
  public long nanos() {
    return Timekeeper.system().nanos();
  }

  @Override
  public Subscription after(Duration delay, Runnable task) {
    return Timekeeper.system().after(delay, task);
  }
}
