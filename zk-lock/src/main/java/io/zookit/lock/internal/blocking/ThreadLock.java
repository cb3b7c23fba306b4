package io.zookit.lock.internal.blocking;

import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.JavaLock;
import io.zookit.lock.Lease;
import io.zookit.lock.LockLostException;
import io.zookit.lock.LockTimeoutException;
import io.zookit.lock.internal.blocking.ReentrantHolds.Hold;
import io.zookit.lock.internal.request.LeaseHandle;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * A lock held by the thread that asked for it.
 *
 * <p>A thread has one lease of a name, whichever side it entered first: a writer that reads, too, stays on its write
 * lease, which becomes one to read when the last write is left.
 */
final class ThreadLock implements JavaLock {

  private interface Interruptible<T> {

    T call() throws InterruptedException;
  }

  private final DistributedLock lock;
  private final String key;
  private final boolean shared;
  private final ReentrantHolds holds;

  /**
   * An adapter.
   *
   * @param key what is held by a thread at most once
   * @param shared whether it is the read side of a lock
   */
  ThreadLock(DistributedLock lock, String key, boolean shared, ReentrantHolds holds) {
    this.lock = lock;
    this.key = key;
    this.shared = shared;
    this.holds = holds;
  }

  @Override
  public void lock() {
    if (!enterAgain()) {
      enter(BlockingCalls.awaitUninterruptibly(lock.acquireAsync()));
    }
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    requireNotInterrupted();
    if (!enterAgain()) {
      enter(lock.acquire());
    }
  }

  @Override
  public boolean tryLock() {
    if (enterAgain()) {
      return true;
    }
    Optional<Lease> taken =
        uninterruptibly(lock::tryAcquire); // an interrupted one is withdrawn before the next asks
    taken.ifPresent(this::enter);
    return taken.isPresent();
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    requireNotInterrupted();
    if (enterAgain()) {
      return true;
    }
    if (time <= 0) {
      Optional<Lease> taken = lock.tryAcquire();
      taken.ifPresent(this::enter);
      return taken.isPresent();
    }
    try {
      enter(lock.acquire(Timeouts.of(time, unit)));
      return true;
    } catch (LockTimeoutException e) {
      return false;
    }
  }

  @Override
  public void unlock() {
    Hold held = require();
    boolean over = held.isOver();
    Hold left = held.plus(shared, -1);
    holds.set(key, left);
    if (over) {
      throw new LockLostException(
          this + ": was lost while this thread was inside: " + held.lease());
    }
    if (left.isEmpty()) {
      held.lease().close();
    } else if (!shared && left.writes() == 0 && held.lease() instanceof LeaseHandle lease) {
      lease.downgrade();
    }
  }

  @Override
  public Condition newCondition() {
    throw new UnsupportedOperationException(
        this + ": has no conditions (expected: a wait on what ZooKeeper holds)");
  }

  @Override
  public Lease lease() {
    return require().lease();
  }

  /** Counts a lock that the thread has already; false when it has none. */
  private boolean enterAgain() {
    Optional<Hold> mine = holds.mine(key);
    if (mine.isEmpty()) {
      return false;
    }
    Hold held = mine.get();
    if (held.isOver()) {
      throw new LockLostException(
          this + ": was lost while this thread was inside: " + held.lease() + "; unlock it first");
    }
    if (!shared && held.writes() == 0) {
      throw new IllegalStateException(this
          + ": this thread holds the read lock (expected: unlocked before the write lock is asked for,"
          + " or it would wait for itself)");
    }
    holds.set(key, held.plus(shared, 1));
    return true;
  }

  private void enter(Lease lease) {
    holds.set(key, new Hold(lease, 0, 0).plus(shared, 1));
  }

  private Hold require() {
    return holds
        .mine(key)
        .filter(held -> held.count(shared) > 0)
        .orElseThrow(
            () -> new IllegalMonitorStateException(this + ": this thread does not hold it"));
  }

  /** Repeats what is interrupted. */
  private static <T> T uninterruptibly(Interruptible<T> wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.call();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public String toString() {
    return (shared ? "read " : "") + lock;
  }
}
