package io.zookit.lock.election;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Receives the leaderships of a candidate, each with its epoch, in order, one call at a time, on the client's executor.
 *
 * <p>{@code onElected} should return soon: later calls, also the one of a loss, wait for it; {@link Leadership#isValid}
 * does not. Exceptions are logged; one from {@code onElected} also ends the leadership, see there.
 */
public interface LeaderListener {

  /**
   * The candidate leads from now on. If this method throws, the leadership is given up as by {@link Leadership#resign}
   * ({@code onRevoked} follows), so that the next candidate leads; this one queues again after a pause of 100 ms to 25 s,
   * twice as long each time in a row.
   */
  void onElected(Leadership leadership);

  /**
   * The leadership is about to end: the candidate resigned, transferred it, was closed, or the leadership was revoked.
   * It is kept until the returned stage is done, so that no other candidate leads while work is being finished, but not
   * longer than the candidate's drain time.
   */
  default CompletionStage<?> onRevoked(Leadership leadership, String reason) {
    return CompletableFuture.completedFuture(null);
  }

  /**
   * The leadership has ended without warning: another candidate may lead already. Stop at once; the candidate queues
   * again by itself.
   */
  default void onLost(Leadership leadership, String reason) {}
}
