package io.zookit.config.internal.follow;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.AckRecord;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import java.util.Map;
import java.util.Objects;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Reports the status of a client in ZooKeeper, as an ephemeral node outside every watched subtree.
 *
 * <p>The node's name holds a random number for each session, so the node of an old session is never taken for, nor
 * deleted instead of, that of a new one. When it is written is decided by {@link StatusGathering}: a first report, a vote, a
 * rejection, and what a caller waits for are urgent; that a release is applied is not.
 *
 * <p><i>Threads:</i> the loop.
 */
final class InstanceStatusReporter implements OwnedNode.Listener, StatusGathering.StatusSource {

  private final CoreClient client;
  private final ConfigPaths paths;
  private final Namespace ns;
  private final StatusGathering gathering;
  private @Nullable OwnedNode node;
  private @Nullable AckRecord wanted;
  private @Nullable AckRecord said;
  private boolean closed;

  InstanceStatusReporter(
      CoreClient client, ConfigPaths paths, Namespace ns, StatusGathering gathering) {
    this.client = client;
    this.paths = paths;
    this.ns = ns;
    this.gathering = gathering;
  }

  /**
   * Reports another status from now on.
   *
   * @param awaited whether a caller may be waiting for it
   */
  void report(AckRecord record, boolean awaited) {
    if (record.equals(wanted) || closed) {
      return;
    }
    boolean urgent = awaited || isUrgent(record, wanted);
    wanted = record;
    gathering.add(this, urgent);
  }

  private static boolean isUrgent(AckRecord record, @Nullable AckRecord before) {
    return before == null
        || record.status() != InstanceReleaseStatus.Status.APPLIED
        || !Objects.equals(record.vote(), before.vote())
        || !Objects.equals(record.notKept(), before.notKept());
  }

  void close() {
    closed = true;
    if (node != null) {
      node.close();
    }
  }

  @Override
  public void collect(Map<OwnedNode, byte[]> updates) {
    AckRecord record = wanted;
    if (closed || record == null || record.equals(said)) {
      return;
    }
    said = record;
    byte[] data = AckRecord.CODEC.encode(record);
    if (node != null) {
      updates.put(node, data);
    } else {
      node = client
          .ownedNodes()
          .own(folders(), incarnation -> paths.ack(ns, record.instance(), incarnation), data, this);
    }
  }

  private Folders folders() {
    ZkPath innermost = paths.acks(ns);
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
