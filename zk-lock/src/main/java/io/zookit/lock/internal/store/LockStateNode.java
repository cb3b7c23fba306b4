package io.zookit.lock.internal.store;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;

/**
 * The node with the state of a lock that outlives its requests: {@code /<root>/locks-state/<name, nested>}, persistent.
 */
public final class LockStateNode {

  private final ZkPath path;
  private final Folders folders;

  public LockStateNode(CoreClient client, String name) {
    ZkPath folder = client.rootPath().own("locks-state");
    Folders chain = Folders.root(client).persistent(client, folder);
    String[] elements = ZkPath.requireNestedName("lock", name).split("/", -1);
    for (int i = 0; i < elements.length - 1; i++) {
      folder = folder.child(elements[i]);
      chain = chain.persistent(client, folder);
    }
    this.folders = chain;
    this.path = folder.child(elements[elements.length - 1]);
  }

  public ZkPath path() {
    return path;
  }

  /** The folders above it. */
  public Folders folders() {
    return folders;
  }
}
