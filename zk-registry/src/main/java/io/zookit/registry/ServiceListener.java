package io.zookit.registry;

import java.util.List;

/**
 * Receives the changes of a view, one method for each kind of change.
 *
 * <p><i>Order:</i> one call at a time, in order, on the client's executor. The first calls report every instance that
 * exists. Several changes of one instance are reported to a slow listener as a single change, from the last reported
 * state to the current one, so applying the reported changes always yields the view.
 *
 * <p><i>Failure:</i> exceptions are logged and dropped.
 */
public interface ServiceListener {

  /** An instance was added. */
  default void onAdded(ServiceInstance instance, ChangeCause cause) {}

  /** An instance has changed. */
  default void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {}

  /** An instance was removed. */
  default void onRemoved(ServiceInstance last, ChangeCause cause) {}

  /**
   * The set of instances that may be chosen has changed, whatever the reason; called after the other changes have been
   * reported.
   *
   * @param inRotation as {@link ServiceView#inRotation}
   */
  default void onRotation(List<ServiceInstance> inRotation) {}
}
