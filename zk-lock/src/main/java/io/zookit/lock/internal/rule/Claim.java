package io.zookit.lock.internal.rule;

import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.QueueEntry;

/**
 * The part of a request that concerns one queue.
 *
 * @param mode the letter of its node
 * @param weight the number of permits, or which number; 1 if it has neither
 * @param rule decides what it waits for
 */
public record Claim(LockQueue queue, char mode, int weight, GrantRule rule) {

  /** Excludes all other requests. */
  public static Claim exclusive(LockQueue queue) {
    return new Claim(queue, QueueEntry.EXCLUSIVE, 1, GrantRule.EXCLUSIVE);
  }

  /** Excludes all other requests, and watches one more predecessor. */
  public static Claim lookingAhead(LockQueue queue) {
    return new Claim(queue, QueueEntry.EXCLUSIVE, 1, GrantRule.LOOKING_AHEAD);
  }

  /** Shares the lock with other readers. */
  public static Claim shared(LockQueue queue) {
    return new Claim(queue, QueueEntry.SHARED, 1, GrantRule.SHARED);
  }

  /** The beginning of the node's name, from one that no other request ever has. */
  public String prefix(String attempt) {
    String weighed =
        weight == 1 ? "" : QueueEntry.WEIGHT_MARK + Integer.toString(weight, Character.MAX_RADIX);
    return mode + attempt + weighed + "-";
  }
}
