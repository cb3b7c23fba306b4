package io.zookit.lock;

import java.util.List;

/** Decides which requests of a queue a request has to wait for. Pure. */
interface GrantRule {

  /** Waits for everybody ahead. */
  GrantRule EXCLUSIVE = (mine, queue) ->
      queue.stream().filter(other -> other.sequence() < mine.sequence()).toList();

  /**
   * The conflicting requests ahead, in order.
   *
   * @param queue all requests, in order
   */
  List<QueueEntry> blockers(QueueEntry mine, List<QueueEntry> queue);
}
