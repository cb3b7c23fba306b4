package io.zookit.config;

import io.zookit.core.internal.CoreClient;
import io.zookit.core.internal.Folders;
import io.zookit.core.internal.OwnedNode;
import io.zookit.core.internal.OwnedNodes;
import io.zookit.core.internal.ZkPath;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Says in ZooKeeper what a client has of a namespace, as an ephemeral node outside every watched subtree.
 *
 * <p>The node's name holds a random number for each session, so the node of an old session is never taken for, nor
 * deleted instead of, that of a new one. Several things to say within a moment become one write; the moment is random, so
 * that many clients do not write at once. Lives on the loop.
 */
final class AckKeeper implements OwnedNode.Listener {

  private static final int JITTER_MILLIS = 200;

  private final CoreClient client;
  private final ConfigTree tree;
  private final Namespace ns;
  private @Nullable OwnedNode node;
  private @Nullable AckRecord wanted;
  private boolean scheduled;
  private boolean closed;

  AckKeeper(CoreClient client, ConfigTree tree, Namespace ns) {
    this.client = client;
    this.tree = tree;
    this.ns = ns;
  }

  /** Says something else from now on. */
  void say(AckRecord record) {
    if (record.equals(wanted) || closed) {
      return;
    }
    wanted = record;
    if (!scheduled) {
      scheduled = true;
      long millis = ThreadLocalRandom.current().nextLong(JITTER_MILLIS + 1L);
      client
          .timekeeper()
          .after(Duration.ofMillis(millis), () -> client.loop().execute(this::write));
    }
  }

  void close() {
    closed = true;
    if (node != null) {
      node.close();
    }
  }

  private void write() {
    scheduled = false;
    AckRecord record = wanted;
    if (closed || record == null) {
      return;
    }
    byte[] data = AckRecord.CODEC.encode(record);
    if (node != null) {
      node.update(data);
    } else {
      node = OwnedNodes.in(client)
          .own(folders(), incarnation -> tree.ack(ns, record.instance(), incarnation), data, this);
    }
  }

  private Folders folders() {
    ZkPath innermost = tree.acks(ns);
    ZkPath app = innermost.parent();
    ZkPath env = app.parent();
    return Folders.root(client)
        .persistent(client, env.parent())
        .persistent(client, env)
        .persistent(client, app)
        .persistent(client, innermost);
  }

  @Override
  public void onOwned(ZkPath path, Stat stat) {}

  @Override
  public void onMissing(String reason) {}
}
