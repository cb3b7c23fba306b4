package io.zookit.config;

import java.time.Duration;
import java.util.List;

/**
 * Receives the transitions of the namespaces that a store follows, one method each, in order, on the client's executor.
 * Exceptions are logged and dropped.
 */
public interface ConfigObserver {

  /** Another state is in force here. */
  default void onApplied(ConfigSnapshot snapshot) {}

  /** A release was refused whole; the last good one stays. */
  default void onRejected(Namespace namespace, int release, List<String> problems) {}

  /**
   * Keys of the namespace itself that no record bound to it has a component for. Each of them is reported once, up to
   * 1,000 of a namespace. See {@link ConfigStoreBuilder#refuseUnknownKeys}.
   */
  default void onUnknownKeys(Namespace namespace, List<String> keys) {}

  /** A release cannot be read now; the last good one stays and it is tried again. */
  default void onUnreadable(Namespace namespace, String reason) {}

  /**
   * A release is in use and cannot be written to the folder for snapshots: a process that is started again without ZooKeeper
   * would work with the one before. It is written again until it is kept.
   */
  default void onNotKept(Namespace namespace, int release, String reason) {}

  /** A release that was not kept is. */
  default void onKept(Namespace namespace, int release) {}

  /** An older state than the known one was seen and not taken. */
  default void onOlderRefused(Namespace namespace, long epoch, long revision) {}

  /** Something of a later version was met: the head, or a rule, which then matches no instance here. */
  default void onUnsupported(Namespace namespace, String what) {}

  /** The namespace was deleted; the last good values stay. */
  default void onDeleted(Namespace namespace) {}

  /** A listener has not returned for so long. */
  default void onListenerStuck(Namespace namespace, Duration since) {}

  /** A listener failed. */
  default void onListenerFailed(Namespace namespace, RuntimeException failure) {}
}
