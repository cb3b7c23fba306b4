package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredPresence;
import java.util.regex.Pattern;
import org.apache.zookeeper.data.Stat;

/** The node that says that this process follows a service. Lives on the loop. */
final class PresenceNode implements OwnedNode.Listener {

  private static final Pattern FORBIDDEN = Pattern.compile("[^A-Za-z0-9._-]");
  private static final int MOST = 100;

  private final OwnedNode node;

  PresenceNode(RegistryRuntime runtime, ServicePaths place) {
    String label = runtime.client().label();
    byte[] data = new StoredPresence(label, runtime.client().timekeeper().now()).encode();
    String id = "c-" + FORBIDDEN.matcher(label).replaceAll("-");
    String name = id.substring(0, Math.min(id.length(), MOST));
    node = runtime
        .nodes()
        .own(
            place.consumerFolders(),
            incarnation -> place.consumers().own(new NodeName(name, incarnation).toString()),
            data,
            this);
  }

  void close() {
    node.close();
  }

  @Override
  public void onOwned(ZkPath path, Stat stat) {}

  @Override
  public void onMissing(String reason) {}
}
