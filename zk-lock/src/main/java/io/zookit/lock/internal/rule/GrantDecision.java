package io.zookit.lock.internal.rule;

import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;

/** What a request has to wait for, decided by a listing of its queue. */
public sealed interface GrantDecision {

  /** Nothing: its turn has come. */
  record Over() implements GrantDecision {}

  /**
   * All of these have to go. Later requests do not matter, so when only one was left and it goes, the turn has come
   * without another listing.
   *
   * @param ahead at least one, in order
   */
  record ForAll(List<QueueEntry> ahead) implements GrantDecision {}

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
