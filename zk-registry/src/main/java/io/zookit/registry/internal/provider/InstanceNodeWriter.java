package io.zookit.registry.internal.provider;

import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.registry.internal.provider.RegistrationState.NodeTrace;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;

/**
 * Writes of the nodes of a registration, each derived from one of its states. It keeps nothing.
 *
 * <p><i>Threads:</i> used on the loop.
 */
final class InstanceNodeWriter {

  private final RegistryRuntime runtime;
  private final OwnedNode.Listener listener;

  /**
   * Creates a writer.
   *
   * @param listener notified of what becomes of the nodes
   */
  InstanceNodeWriter(RegistryRuntime runtime, OwnedNode.Listener listener) {
    this.runtime = runtime;
    this.listener = listener;
  }

  /** Creates a node in a bucket, now or after the next connect. */
  OwnedNode create(ServicePaths place, String bucket, DesiredState desired) {
    String id = desired.instance().id();
    return runtime
        .nodes()
        .own(
            place.folders(bucket),
            nonce -> place.node(new NodeRef(bucket, new NodeName(id, nonce).toString())),
            desired.data(),
            listener);
  }

  /** Writes the instance, if there is a node and the registration has not ended. */
  static void push(RegistrationState now) {
    if (now.node() != null && !now.isEnded()) {
      now.node().update(now.desired().data());
    }
  }

  /** Writes the goodbye, if there is a node. */
  static void retire(RegistrationState now) {
    if (now.node() != null) {
      now.node().retire(now.desired().farewell());
    }
  }

  /**
   * Deletes the node. One whose session ends meanwhile is reported as left behind.
   *
   * @param done runs when the node is gone or left behind; never if it was found missing, which is reported
   */
  void end(RegistrationState now, Runnable done) {
    OwnedNode last = now.node();
    ZkPath path = last == null ? null : last.ownedPath();
    if (last == null || path == null) {
      return;
    }
    SessionHandle session = runtime.connected().orElse(null);
    last.close().thenRun(() -> {
      if (session == null || session.isOver()) {
        listener.onLeftBehind(path);
      }
      done.run();
    });
  }

  /** Deletes nodes of earlier sessions, now or after the next connect. */
  void deleteLeftBehind(NodeTrace trace) {
    trace.leftBehind().forEach(runtime::delete);
  }
}
