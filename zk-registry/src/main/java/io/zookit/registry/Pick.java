package io.zookit.registry;

/**
 * An instance chosen for one call, and the result of that call. While the pick is open, the call counts as in flight; its
 * end is what balancers learn from.
 *
 * <p>Only the first of {@link #succeeded}, {@link #failed} and {@link #close} counts. A pick that is never ended stops
 * counting after some minutes.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Cost:</i> no request.
 */
public interface Pick extends AutoCloseable {

  /** The chosen instance. */
  ServiceInstance instance();

  /** Ends the call as successful, now. */
  void succeeded();

  /** Ends the call as failed, now: it was not answered, or in a way that is the instance's fault. */
  void failed();

  /** Ends the call without a result, unless it has ended. */
  @Override
  void close();
}
