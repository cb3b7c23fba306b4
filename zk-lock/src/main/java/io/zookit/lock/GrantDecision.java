package io.zookit.lock;

import java.util.List;

/** What a request has to wait for, after a look at its queue. */
sealed interface GrantDecision {

  /** For nothing: it is its turn. */
  record Over() implements GrantDecision {}

  /**
   * For all of these to go. Later requests do not matter, so when only one of them was left and it goes, the turn has
   * come without another look.
   *
   * @param ahead at least one, in order
   */
  record ForAll(List<QueueEntry> ahead) implements GrantDecision {}

  /** For news of the request directly ahead, granted or gone; then another look. */
  record ForNewsOf(QueueEntry ahead) implements GrantDecision {}

  /** For any request ahead to go; then another look. */
  record ForAnyChange(int ahead) implements GrantDecision {}

  /** For a number that is not known yet; another look when it is. */
  record ForMaximum() implements GrantDecision {}

  /** It can never be granted. */
  record Never(String reason) implements GrantDecision {}

  /** For nothing. */
  GrantDecision OVER = new Over();
}
