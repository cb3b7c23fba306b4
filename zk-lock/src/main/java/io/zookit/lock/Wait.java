package io.zookit.lock;

import java.util.List;

/** What a request has to wait for, after a look at its queue. */
sealed interface Wait {

  /** For nothing: it is its turn. */
  record Over() implements Wait {}

  /**
   * For all of these to go. Later requests do not matter, so when only one of them was left and it goes, the turn has
   * come without another look.
   *
   * @param ahead at least one, in order
   */
  record ForAll(List<QueueEntry> ahead) implements Wait {}

  /** For news of the request directly ahead, granted or gone; then another look. */
  record ForNewsOf(QueueEntry ahead) implements Wait {}

  /** For any request ahead to go; then another look. */
  record ForAnyChange(int ahead) implements Wait {}

  /** For a number that is not known yet; another look when it is. */
  record ForMaximum() implements Wait {}

  /** It can never be granted. */
  record Never(String reason) implements Wait {}

  /** For nothing. */
  Wait OVER = new Over();
}
