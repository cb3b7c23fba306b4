package io.zookit.testkit.internal.child;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The lines of a process, with a place up to which they have been looked at. */
public final class LineBuffer {

  /** Beyond that many lines the older half is forgotten. */
  private static final int REMEMBERED = 100_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> lines = new ArrayList<>();
  private int looked;
  private boolean ended;

  public void add(String line) {
    lock.lock();
    try {
      if (lines.size() == REMEMBERED) {
        lines.subList(0, REMEMBERED / 2).clear();
        looked = Math.max(0, looked - REMEMBERED / 2);
      }
      lines.add(line);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more lines will come. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public List<String> all() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  /** The next line that matches; empty when none came in time or none can come any more. */
  public Optional<String> await(Predicate<String> wanted, Duration atMost)
      throws InterruptedException {
    Timekeeper clock = Timekeeper.system();
    long start = clock.nanos();
    lock.lock();
    try {
      while (true) {
        while (looked < lines.size()) {
          String line = lines.get(looked++);
          if (wanted.test(line)) {
            return Optional.of(line);
          }
        }
        long left = atMost.toNanos() - (clock.nanos() - start);
        if (ended || left <= 0) {
          return Optional.empty();
        }
        changed.await(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }
}
