package io.zookit.lock.internal.store;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;

/**
 * Paths of one lock in ZooKeeper.
 *
 * <pre>
 *   /&lt;root&gt;/locks                                            PERSISTENT
 *               /&lt;name, nested&gt;                              CONTAINER each
 *                              /~q                             CONTAINER
 *                                 /&lt;mode&gt;&lt;attempt&gt;-&lt;sequence&gt;   EPHEMERAL_SEQUENTIAL, data: {@link OwnerRecord}
 * </pre>
 */
public final class LockQueue {

  private final String name;
  private final ZkPath path;
  private final Folders folders;

  public LockQueue(CoreClient client, String name) {
    this.name = ZkPath.requireNestedName("lock", name);
    ZkPath locks = client.rootPath().own("locks");
    Folders chain = Folders.root(client).persistent(client, locks);
    ZkPath folder = locks;
    for (String element : name.split("/", -1)) {
      folder = folder.child(element);
      chain = chain.container(client, folder);
    }
    this.path = folder.own("~q");
    this.folders = chain.container(client, path);
  }

  /** The lock's name. */
  public String name() {
    return name;
  }

  /** The folder of the queue. */
  public ZkPath path() {
    return path;
  }

  /** The folders above a queue node. */
  public Folders folders() {
    return folders;
  }

  /** The node of an entry. */
  public ZkPath node(QueueEntry entry) {
    return path.own(entry.node());
  }

  @Override
  public String toString() {
    return "lock " + name;
  }
}
