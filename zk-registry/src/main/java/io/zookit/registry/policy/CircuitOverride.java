package io.zookit.registry.policy;

import io.zookit.core.internal.codec.Stored;

/**
 * An operator's override of the circuit breakers that consumers keep for an instance. Without one, each consumer decides
 * by the results of its own calls and by the heartbeats of the instance.
 */
public enum CircuitOverride {

  /** No consumer calls the instance, whatever the results of earlier calls were. */
  @Stored("forced-open")
  FORCED_OPEN,

  /** No consumer takes the instance out of rotation because of failed calls or missing heartbeats. */
  @Stored("disabled")
  DISABLED
}
