package io.zookit.lock.internal.numbered;

import io.zookit.lock.internal.rule.GrantDecision;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import java.util.Optional;

/**
 * Grants one number to the first request that names it, and refuses the later ones, which choose another number instead of
 * waiting. One rule belongs to one request, and is used on the loop.
 */
final class NumberRule implements GrantRule {

  private boolean taken;

  /** Returns whether the request was refused because another one has the number. */
  boolean isTaken() {
    return taken;
  }

  @Override
  public GrantDecision decide(QueueEntry mine, List<QueueEntry> queue) {
    List<QueueEntry> ahead = GrantRule.ahead(mine, queue);
    taken = ahead.stream()
        .anyMatch(other -> other.mode() == QueueEntry.NUMBERED && other.number() == mine.number());
    if (taken) {
      return new GrantDecision.Never("number " + mine.number() + " is taken");
    }
    return foreign(ahead).orElse(GrantDecision.OVER);
  }

  /**
   * The conflict with requests of other recipes: locks and permits do not know numbers, and modes this version does not know
   * conflict with everything.
   */
  static Optional<GrantDecision> foreign(List<QueueEntry> ahead) {
    Optional<QueueEntry> known =
        ahead.stream().filter(other -> other.isPlain() || other.isPermit()).findAny();
    if (known.isPresent()) {
      return Optional.of(new GrantDecision.Never("a lock or semaphore of the same name is in use"));
    }
    return ahead.stream()
        .filter(other -> !other.isNumbered())
        .reduce((first, second) -> second)
        .map(GrantDecision.ForNoticeOf::new);
  }
}
