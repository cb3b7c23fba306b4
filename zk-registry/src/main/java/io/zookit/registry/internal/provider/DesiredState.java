package io.zookit.registry.internal.provider;

import io.zookit.registry.InstanceStatus;
import io.zookit.registry.RegistrationStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.store.StoredInstance;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Desired state of a registration in its stored form, and the progress towards it. Immutable except for the future.
 *
 * @param data the instance as it is stored
 * @param farewell the same for the leaving instance; encoded in advance, so that saying goodbye cannot fail
 * @param grace the grace period, if it is leaving
 * @param settled completed when the status is no longer pending
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity only
public record DesiredState(
    RegistrationStatus status,
    ServiceInstance instance,
    byte[] data,
    byte[] farewell,
    Duration grace,
    CompletableFuture<RegistrationStatus> settled) {

  /**
   * The state in which an instance is to be registered.
   *
   * @throws IllegalArgumentException if it is leaving
   */
  static DesiredState of(ServiceInstance instance) {
    requireNotLeaving(instance);
    return new DesiredState(
        RegistrationStatus.PENDING,
        instance,
        StoredInstance.encode(instance),
        farewell(instance),
        Duration.ZERO,
        new CompletableFuture<>());
  }

  /** The same with the instance changed. */
  DesiredState with(ServiceInstance next) {
    return new DesiredState(
        status, requireSame(next), StoredInstance.encode(next), farewell(next), grace, settled);
  }

  DesiredState to(RegistrationStatus next) {
    boolean again = next == RegistrationStatus.PENDING && settled.isDone();
    CompletableFuture<RegistrationStatus> wait = again ? new CompletableFuture<>() : settled;
    return new DesiredState(next, instance, data, farewell, grace, wait);
  }

  DesiredState toLeaving(Duration goodbye) {
    return new DesiredState(RegistrationStatus.LEAVING, instance, data, farewell, goodbye, settled);
  }

  DesiredState withGrace(Duration goodbye) {
    return new DesiredState(status, instance, data, farewell, goodbye, settled);
  }

  /** Tells if it was given up. */
  boolean isEnded() {
    return status == RegistrationStatus.LEAVING || status == RegistrationStatus.GONE;
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

  private static byte[] farewell(ServiceInstance instance) {
    return StoredInstance.encode(instance.withStatus(InstanceStatus.LEAVING));
  }
}
