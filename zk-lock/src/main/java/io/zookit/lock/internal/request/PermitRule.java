package io.zookit.lock.internal.request;

import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.rule.GrantDecision;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Grants permits strictly in the order of the queue: a request is granted if the permits of all requests ahead and its own
 * fit under the maximum. A request takes all its permits or none, so two that want three of four never wait for each
 * other, and a large one is never overtaken.
 *
 * <p>The first request that waits watches the whole queue, because any granted one may leave; each other one watches the
 * request ahead, which writes to its node when it is granted.
 */
public final class PermitRule implements GrantRule {

  private final LockEngine engine;
  private final String semaphore;
  private final int initial;

  PermitRule(LockEngine engine, String semaphore, int initial) {
    this.engine = engine;
    this.semaphore = semaphore;
    this.initial = initial;
  }

  /** Returns the claim of a request for permits. */
  public static Claim claim(LockEngine engine, LockQueue queue, int permits, int initial) {
    return new Claim(
        queue, QueueEntry.PERMITS, permits, new PermitRule(engine, queue.name(), initial));
  }

  private SemaphoreMaximum maximum() {
    return engine.maximum(semaphore, initial);
  }

  @Override
  public void use(Runnable change) {
    maximum().use(change);
  }

  @Override
  public void leave(Runnable change) {
    maximum().leave(change);
  }

  @Override
  public GrantDecision decide(QueueEntry mine, List<QueueEntry> queue) {
    OptionalInt known = maximum().current();
    if (known.isEmpty()) {
      Optional<String> refusal = maximum().refusal();
      return refusal.isPresent()
          ? new GrantDecision.Never(refusal.get())
          : new GrantDecision.ForMaximum();
    }
    int most = known.getAsInt();
    if (mine.weight() > most) {
      return new GrantDecision.Never(mine.weight() + " permits, the maximum is " + most);
    }
    List<QueueEntry> ahead = GrantRule.ahead(mine, queue);
    if (ahead.stream().anyMatch(QueueEntry::isPlain)) {
      return new GrantDecision.Never("a lock of the same name that is no semaphore is in use");
    }
    if (ahead.stream().anyMatch(QueueEntry::isNumbered)) {
      return new GrantDecision.Never("numbered leases of the same name are in use");
    }
    for (QueueEntry other : ahead) {
      if (!other.isPermit()) { // a mode that this version does not know conflicts with everything
        return new GrantDecision.ForNoticeOf(other);
      }
    }
    long taken = ahead.stream().mapToLong(QueueEntry::weight).sum();
    if (taken + mine.weight() <= most) {
      return GrantDecision.OVER;
    }
    QueueEntry nearest = ahead.get(ahead.size() - 1);
    return taken <= most
        ? new GrantDecision.ForAnyChange(ahead.size())
        : new GrantDecision.ForNoticeOf(nearest);
  }

  /** News of the one ahead may have come between the listing and the watch. */
  @Override
  public boolean stillBlocks(QueueEntry other, byte[] data) {
    return !OwnerRecord.isGranted(data);
  }

  @Override
  public boolean tellsThoseBehind() {
    return true;
  }
}
