package io.zookit.lock.internal.rule;

import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of a {@link GrantRule}: nodes that a request has to wait for, or none. */
public sealed interface GrantDecision {

  /** Nothing: its turn has come. */
  record Over() implements GrantDecision {}

  /**
   * Several have to go. Later requests do not matter, so when only one was left and it goes, the turn has come without
   * another listing. Keeps only the last two, since a long queue has many waiters.
   *
   * @param count how many, at least one
   * @param nearest the last of them in the order of the queue
   * @param beforeNearest the one before; null if there is only one
   */
  record ForAll(int count, QueueEntry nearest, @Nullable QueueEntry beforeNearest)
      implements GrantDecision {

    /**
     * Returns the decision to wait for all of a list.
     *
     * @param ahead at least one, in the order of the queue
     */
    public static ForAll of(List<QueueEntry> ahead) {
      int count = ahead.size();
      return new ForAll(count, ahead.get(count - 1), count == 1 ? null : ahead.get(count - 2));
    }
  }

  /** The request directly ahead has to be granted or go; then the queue is listed again. */
  record ForNoticeOf(QueueEntry ahead) implements GrantDecision {}

  /** Any request ahead has to go; then the queue is listed again. */
  record ForAnyChange(int ahead) implements GrantDecision {}

  /** The maximum is not known yet; then the queue is listed again. */
  record ForMaximum() implements GrantDecision {}

  /** It can never be granted. */
  record Never(String reason) implements GrantDecision {}

  /** Its turn has come. */
  GrantDecision OVER = new Over();
}
