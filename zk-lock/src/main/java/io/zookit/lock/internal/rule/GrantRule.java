package io.zookit.lock.internal.rule;

import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import java.util.function.Predicate;

/** Decides what a request has to wait for. Pure, but for a maximum that others may change. */
public interface GrantRule {

  /** Waits for all requests ahead. */
  GrantRule EXCLUSIVE = (mine, queue) -> forAll(ahead(mine, queue), other -> false);

  /** Waits for all requests ahead and watches also the one before the nearest, so that its own turn needs no listing. */
  GrantRule LOOKING_AHEAD = new GrantRule() {
    @Override
    public GrantDecision decide(QueueEntry mine, List<QueueEntry> queue) {
      return EXCLUSIVE.decide(mine, queue);
    }

    @Override
    public boolean looksAhead() {
      return true;
    }
  };

  /** Waits for all requests ahead that do not share: writers, and modes that this version does not know. */
  GrantRule SHARED = new GrantRule() {
    @Override
    public GrantDecision decide(QueueEntry mine, List<QueueEntry> queue) {
      return forAll(ahead(mine, queue), other -> other.mode() == QueueEntry.SHARED);
    }

    @Override
    public List<QueueEntry> conflicting(QueueEntry mine, List<QueueEntry> queue) {
      return ahead(mine, queue).stream()
          .filter(other -> other.mode() != QueueEntry.SHARED)
          .toList();
    }

    /** A writer that was downgraded shares, too; only its data says so. */
    @Override
    public boolean stillBlocks(QueueEntry other, byte[] data) {
      return !OwnerRecord.isDowngraded(data);
    }
  };

  /**
   * Decides what a request has to wait for.
   *
   * @param queue all requests, in order
   */
  GrantDecision decide(QueueEntry mine, List<QueueEntry> queue);

  /**
   * Returns the requests ahead that may have to go, in order: a superset of those that {@link #decide} waits for.
   *
   * @param queue all requests, in order
   */
  default List<QueueEntry> conflicting(QueueEntry mine, List<QueueEntry> queue) {
    return ahead(mine, queue);
  }

  /** Returns whether a request that is waited for still conflicts, according to the data of its node. */
  default boolean stillBlocks(QueueEntry other, byte[] data) {
    return true;
  }

  /** Returns whether this request must notify those behind when it is granted after a wait. */
  default boolean tellsThoseBehind() {
    return false;
  }

  /** Returns whether a request watches also the one before the nearest ahead. */
  default boolean looksAhead() {
    return false;
  }

  /** Takes up what the rule depends on; {@code change} is run on the loop when that changes. */
  default void use(Runnable change) {}

  /** Ends {@link #use}. */
  default void leave(Runnable change) {}

  /** The requests ahead, in order. */
  static List<QueueEntry> ahead(QueueEntry mine, List<QueueEntry> queue) {
    return queue.subList(0, QueueEntry.countBefore(mine.sequence(), queue));
  }

  /** Permits and plain locks of one name do not know each other's order. */
  private static GrantDecision forAll(List<QueueEntry> ahead, Predicate<QueueEntry> compatible) {
    int count = 0;
    QueueEntry nearest = null;
    QueueEntry beforeNearest = null;
    for (QueueEntry other : ahead) {
      if (other.isPermit()) {
        return new GrantDecision.Never("a semaphore of the same name is in use");
      }
      if (other.isNumbered()) {
        return new GrantDecision.Never("numbered leases of the same name are in use");
      }
      if (!compatible.test(other)) {
        count++;
        beforeNearest = nearest;
        nearest = other;
      }
    }
    return nearest == null
        ? GrantDecision.OVER
        : new GrantDecision.ForAll(count, nearest, beforeNearest);
  }
}
