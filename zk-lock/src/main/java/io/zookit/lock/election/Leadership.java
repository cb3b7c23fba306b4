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

  /** Whether this process surely leads, by what it can know; see {@link Lease#isValid}. */
  boolean isValid();

  /** Calls a listener once if the term is lost, at once if it was already; not when it is given up. */
  Subscription onLost(Consumer<? super Leadership> listener);

  /** Starts changes of nodes in ZooKeeper that are made only while this term lasts. */
  FencedTransaction fenced();

  /**
   * Gives the term up, after the listener has finished; the candidate queues again, at the end.
   *
   * @return done when it is surely given up or lost
   */
  CompletableFuture<Void> resign();

  /**
   * Gives the term up in favour of a candidate that waits: those between let him pass and queue again behind him.
   *
   * <p>Best effort: until the deadline, by the wall clocks of the candidates. Who is first when it is over, or when the
   * candidate has left, leads.
   *
   * @param candidate the label of a candidate that waits
   * @param within how long the others let him pass, more than zero; the listener's work counts, too
   * @return done when this term is surely given up or lost; fails when no such candidate waits, or when ZooKeeper cannot
   *     be asked, and the term goes on then
   */
  CompletableFuture<Void> transferTo(String candidate, Duration within);
}
