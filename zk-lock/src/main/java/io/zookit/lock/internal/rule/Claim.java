package io.zookit.lock.internal.rule;

import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.QueueEntry;

/**
 * What a request wants of one queue.
 *
 * @param mode the letter of its node
 * @param weight how many permits, or which number; 1 for what has neither
 * @param rule what it waits for
 */
public record Claim(LockQueue queue, char mode, int weight, GrantRule rule) {

  /** Everything, alone. */
  public static Claim exclusive(LockQueue queue) {
    return new Claim(queue, QueueEntry.EXCLUSIVE, 1, GrantRule.EXCLUSIVE);
  }

  /** Everything, alone, at the cost of one more watch. */
  public static Claim lookingAhead(LockQueue queue) {
    return new Claim(queue, QueueEntry.EXCLUSIVE, 1, GrantRule.LOOKING_AHEAD);
  }

  /** To read, beside other readers. */
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
