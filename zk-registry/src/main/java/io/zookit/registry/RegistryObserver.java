package io.zookit.registry;

import java.time.Duration;

/**
 * Receives the transitions of registrations and views of one registry in this process, one method each, in order, on
 * the client's executor. Exceptions are logged and dropped.
 */
public interface RegistryObserver {

  /** An instance is registered, for the first time or again. */
  default void onRegistered(ServiceInstance instance) {}

  /** A try to register failed; the next follows by itself. */
  default void onRetry(ServiceInstance instance, String reason) {}

  /** An instance's node is gone although it is wanted: its session ended, or it was deleted. */
  default void onMissing(ServiceInstance instance, String reason) {}

  /**
   * Two live nodes of one id have different addresses. Reported where the newer or the older one is registered, and where
   * the service is discovered, once for each pair.
   *
   * @param newer the address consumers use
   * @param older the address they do not use
   */
  default void onConflict(String service, String id, String newer, String older) {}

  /** An instance was ended on purpose; consumers are being notified. */
  default void onLeaving(ServiceInstance instance, Duration grace) {}

  /** A registration is over. */
  default void onGone(ServiceInstance instance) {}

  /** A view is current: for the first time, or again after it was stale. */
  default void onViewLive(String service, int instances) {}

  /** A view is not followed any more and keeps the last it has. */
  default void onViewStale(String service) {}

  /** A service could not be read although ZooKeeper answers; it is tried again. */
  default void onViewFailed(String service, String reason) {}

  /** A node of a service cannot be read and is left out; reported once for each change of the node. */
  default void onSkipped(String service, String node, String reason) {}

  /** A view shows what an earlier run of this process saved, until ZooKeeper can be read. */
  default void onViewRestored(String service, int instances, Duration age) {}

  /** An instance's node is gone without a goodbye; the view remembers it for a while. */
  default void onVanished(String service, String id) {}

  /** An instance that vanished is forgotten at once: the {@link InstanceProbe} did not find it where it was. */
  default void onConfirmedDead(String service, String id, String reason) {}
}
