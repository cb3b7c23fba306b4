package io.zookit.registry;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Query for the identity of the process at the address of an instance that vanished without a goodbye.
 *
 * <p>The answer is an id, said by the process itself: that somebody accepts connections proves nothing, neither for a
 * process that is stopped nor for an address that another one has inherited. {@link
 * io.zookit.registry.http.HttpProbe} is one for HTTP.
 *
 * <p><i>Threads:</i> asked on the client's executor, one call at a time; it has to return at once.
 */
@FunctionalInterface
public interface InstanceProbe {

  /**
   * Asks.
   *
   * @return done with the id of the instance that answers. Empty, failed and later than 5 s are the same: nobody
   *     answers
   */
  CompletionStage<Optional<String>> whoIsAt(ServiceInstance instance);
}
