package io.zookit.lock.election;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import io.zookit.lock.FencedTransaction;
import io.zookit.lock.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One term of a leader. No thread belongs to it; whatever runs for it asks {@link #isValid}, and hands the epoch to what
 * it writes to.
 */
public interface Leadership {

  /** The name of the election. */
  String election();

  /** The number of this term: what is written on its behalf is fenced by it. */
  FencingToken epoch();

  /** Tells if this process leads as far as it can know; see {@link Lease#isValid}. */
  boolean isValid();

  /** Calls a listener once if the term is lost, at once if it was already; not when it is given up. */
  Subscription onLost(Consumer<? super Leadership> listener);

  /** Starts changes of nodes in ZooKeeper that are made only while this term lasts. */
  FencedTransaction fenced();

  /**
   * Ends the term after the listener has finished; the candidate queues again, at the end.
   *
   * @return done when the term has certainly ended
   */
  CompletableFuture<Void> resign();

  /**
   * Ends the term in favour of a candidate that waits: those between let it pass and queue again behind it.
   *
   * <p>Best effort: the choice is valid until the deadline, by the wall clocks of the candidates. The first in the
   * queue leads when the deadline has passed, or when the candidate has left.
   *
   * @param candidate the label of a candidate that waits
   * @param within the time in which the others let it pass, more than zero; includes the listener's work
   * @return done when this term has certainly ended; fails if no such candidate waits, or if ZooKeeper cannot be
   * reached, and the term continues then
   */
  CompletableFuture<Void> transferTo(String candidate, Duration within);
}
