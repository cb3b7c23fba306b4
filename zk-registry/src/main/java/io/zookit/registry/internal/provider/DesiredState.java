package io.zookit.registry.internal.provider;

import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.store.StoredInstance;

/**
 * Desired contents of the node of a registration. Immutable.
 *
 * @param data the instance as it is stored
 * @param farewell the same for the leaving instance; encoded in advance, so that saying goodbye cannot fail
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity only
record DesiredState(ServiceInstance instance, byte[] data, byte[] farewell) {

  /**
   * The state in which an instance is to be registered.
   *
   * @throws IllegalArgumentException if it is leaving
   */
  static DesiredState of(ServiceInstance instance) {
    requireNotLeaving(instance);
    return new DesiredState(
        instance,
        StoredInstance.encode(instance),
        StoredInstance.encode(instance.withStatus(InstanceStatus.LEAVING)));
  }

  /**
   * The same with the instance changed.
   *
   * @throws IllegalArgumentException if it is leaving, or has another service, id or address
   */
  DesiredState with(ServiceInstance next) {
    return of(requireSame(next));
  }

  private static void requireNotLeaving(ServiceInstance instance) {
    if (instance.status() == InstanceStatus.LEAVING) {
      throw new IllegalArgumentException(
          "status: LEAVING (expected: UP or DOWN; a registration says goodbye by drain or close)");
    }
  }

  private ServiceInstance requireSame(ServiceInstance next) {
    requireNotLeaving(next);
    if (!instance.service().equals(next.service())
        || !instance.id().equals(next.id())
        || !instance.address().equals(next.address())) {
      throw new IllegalArgumentException("update: " + next.service() + "/" + next.id() + " at "
          + next.address() + " (expected: " + instance.service() + "/" + instance.id() + " at "
          + instance.address() + ")");
    }
    return next;
  }
}
