package io.zookit.lock.internal.numbered;

import io.zookit.lock.internal.rule.GrantDecision;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import java.util.Optional;

/**
 * Orders the requests that wait until any number is free: the first of them watches the queue, each other one watches the
 * one ahead of it. It is the turn of a request when it is the first and a number is free.
 *
 * <p>A request that knows fewer numbers than another one does not hold that one up, and fails.
 *
 * @param count how many numbers the request knows
 */
record AnyNumberRule(int count) implements GrantRule {

  @Override
  public GrantDecision decide(QueueEntry mine, List<QueueEntry> queue) {
    if (queue.stream().anyMatch(other -> other.isNumbered() && other.numbersKnown() > count)) {
      return new GrantDecision.Never(
          "there are more numbers by now than the " + count + " of this client");
    }
    List<QueueEntry> ahead = GrantRule.ahead(mine, queue);
    Optional<GrantDecision> foreign = NumberRule.foreign(ahead);
    if (foreign.isPresent()) {
      return foreign.get();
    }
    Optional<QueueEntry> nearest = ahead.stream()
        .filter(other -> other.mode() == QueueEntry.ANY_NUMBER && other.weight() >= count)
        .reduce((first, second) -> second);
    if (nearest.isPresent()) {
      return new GrantDecision.ForNoticeOf(nearest.get());
    }
    NumberedQueue numbers = NumberedQueue.of(queue, count);
    return numbers.hasFree()
        ? GrantDecision.OVER
        : new GrantDecision.ForAnyChange(numbers.takenCount());
  }
}
