package io.zookit.registry;

import java.util.List;

/**
 * Receives the changes of a view, one method each.
 *
 * <p><i>Order:</i> one at a time, in order, on the client's executor. First it is told of everything that is there. A
 * slow listener is told of several changes of one instance as of one, from what it was last told to what is there now,
 * so applying what it is told always gives the view.
 *
 * <p><i>Failure:</i> exceptions are logged and dropped.
 */
public interface ServiceListener {

  /** An instance is there. */
  default void onAdded(ServiceInstance instance, ChangeCause cause) {}

  /** An instance is still there and not the same. */
  default void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {}

  /** An instance is not there any more. */
  default void onRemoved(ServiceInstance last, ChangeCause cause) {}

  /**
   * Others may be chosen than before, whatever the reason; told after what else has changed.
   *
   * @param inRotation as {@link ServiceView#inRotation}
   */
  default void onRotation(List<ServiceInstance> inRotation) {}
}
