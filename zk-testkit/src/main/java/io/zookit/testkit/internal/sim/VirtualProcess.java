package io.zookit.testkit.internal.sim;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The clock and the threads of one process. A frozen process runs nothing while time goes on, and afterwards runs what it
 * missed; a killed one never runs anything again; one that hangs does not, either, but keeps its session.
 */
public final class VirtualProcess implements Timekeeper, Executor {

  private final VirtualTime time;
  private final Deque<Runnable> missed = new ArrayDeque<>();
  private long wallOffset;
  private Subscription thawing = () -> {};
  private boolean frozen;
  private boolean hung;
  private boolean killed;

  /** Creates a running process. */
  public VirtualProcess(VirtualTime time) {
    this.time = time;
  }

  /** The time of the simulation. */
  public VirtualTime time() {
    return time;
  }

  /** Returns whether the process is frozen. */
  public boolean isFrozen() {
    return frozen;
  }

  /** Returns whether the process was killed. */
  public boolean isKilled() {
    return killed;
  }

  /** Freezes the process for a span in nanoseconds, as a long garbage collection does. */
  public void freeze(long span) {
    if (!frozen) {
      frozen = true;
      thawing = time.at(time.nanos() + span, this::thaw);
    }
  }

  /** Ends a freeze before its time. */
  public void thaw() {
    thawing.close();
    frozen = false;
    while (!frozen && !hung && !missed.isEmpty()) {
      missed.remove().run();
    }
  }

  /** Stops everything in the process for good but the pings that keep its session, as a deadlock does. */
  public void hang() {
    hung = true;
  }

  /** Kills the process. */
  public void kill() {
    killed = true;
    missed.clear();
  }

  /** Shifts the wall clock of the process; its monotonic clock is not affected. */
  public void shiftWallClock(Duration shift) {
    wallOffset += shift.toNanos();
  }

  /** Runs a task now, behind what was missed when the process is frozen, or never when it is killed. */
  public void hear(Runnable task) {
    if (frozen || hung) {
      missed.add(task);
    } else if (!killed) {
      task.run();
    }
  }

  @Override
  public Instant now() {
    return time.now().plusNanos(wallOffset);
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

  /** Schedules a task of this process for a random moment within a span from now. */
  public Subscription within(long least, long most, Runnable task) {
    return time.within(least, most, () -> hear(task));
  }

  @Override
  public void execute(Runnable task) {
    time.execute(() -> hear(task));
  }
}
