package io.zookit.registry;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Query for the identity of the process at the address of an instance that vanished without a goodbye.
 *
 * <p>The answer is an id reported by the process itself. A process that merely accepts connections proves nothing: it
 * may be stopped, or the address may have been taken over by another process. {@link io.zookit.registry.http.HttpProbe}
 * is an implementation for HTTP.
 *
 * <p><i>Threads:</i> called on the client's executor, one call at a time; it has to return at once.
 */
@FunctionalInterface
public interface InstanceProbe {

  /**
   * Queries the address of an instance.
   *
   * @return completed with the id of the instance that answers. An empty result, a failure and no result within 5 s
   *     mean the same: the instance does not answer
   */
  CompletionStage<Optional<String>> whoIsAt(ServiceInstance instance);
}
