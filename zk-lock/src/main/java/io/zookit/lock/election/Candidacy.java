package io.zookit.lock.election;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A candidate that wants to lead until it is closed: it queues again by itself whenever it has lost or given up the
 * leadership, or cannot be queued for a while.
 */
public interface Candidacy extends AutoCloseable {

  /** The label of the candidate. */
  String label();

  /** The present term, if it leads. */
  Optional<Leadership> leadership();

  /** A future that is done when the candidacy has ended and certainly no longer leads. */
  CompletableFuture<Void> closed();

  /**
   * Ends it. Returns at once; a term is given up in the background when the listener has finished, at the latest after
   * the drain time.
   */
  @Override
  void close();
}
