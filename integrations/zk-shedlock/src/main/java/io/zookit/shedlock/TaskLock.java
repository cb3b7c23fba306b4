package io.zookit.shedlock;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkException;
import io.zookit.lock.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.javacrumbs.shedlock.core.AbstractSimpleLock;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.support.LockException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lock of a task that runs. An extension is another object over the same lease. */
final class TaskLock extends AbstractSimpleLock {

  private static final Logger log = LoggerFactory.getLogger(TaskLock.class);
  private static final Subscription NO_TIMER = () -> {};

  private final Lease lease;
  private final NotBeforeMark mark;
  private final Timekeeper timekeeper;

  /** The time of this object's creation by ZooKeeper's clock, and by the clock of this process. */
  private final Instant since;

  private final long sinceNanos;
  private final boolean expires;
  private final Subscription expiry;

  TaskLock(
      LockConfiguration configuration,
      Lease lease,
      NotBeforeMark mark,
      Instant since,
      Timekeeper timekeeper,
      boolean expires) {
    super(configuration);
    this.lease = lease;
    this.mark = mark;
    this.timekeeper = timekeeper;
    this.since = since;
    this.sinceNanos = timekeeper.nanos();
    this.expires = expires;
    this.expiry =
        expires ? timekeeper.after(configuration.getLockAtMostFor(), lease::close) : NO_TIMER;
  }

  private Duration elapsed() {
    return Duration.ofNanos(timekeeper.nanos() - sinceNanos);
  }

  private boolean isOver() {
    return !lease.isValid()
        || (expires && elapsed().compareTo(lockConfiguration.getLockAtMostFor()) >= 0);
  }

  @Override
  protected void doUnlock() {
    expiry.close();
    if (isOver()) {
      log.warn(
          "{} was lost while its task ran, which another process may have started meanwhile: {}",
          lease,
          lease.state());
    }
    lease.close();
  }

  @Override
  protected Optional<SimpleLock> doExtend(LockConfiguration next) {
    if (isOver()) {
      expiry.close();
      lease.close();
      return Optional.empty();
    }
    Instant now = since.plus(elapsed());
    try {
      if (!next.getLockAtLeastFor().isZero()) {
        mark.raise(now.plus(next.getLockAtLeastFor()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LockException(lease + ": interrupted while it was extended", e);
    } catch (ZkException e) {
      throw new LockException(lease + ": cannot be extended", e);
    }
    expiry.close();
    return Optional.of(new TaskLock(next, lease, mark, now, timekeeper, expires));
  }
}
