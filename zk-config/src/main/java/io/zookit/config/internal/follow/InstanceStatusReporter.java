package io.zookit.config.internal.follow;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.AckRecord;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Reports the status of a client in ZooKeeper, as an ephemeral node outside every watched subtree.
 *
 * <p>The node's name holds a random number for each session, so the node of an old session is never taken for, nor
 * deleted instead of, that of a new one. Several things to say within a moment become one write; the moment is random,
 * so that many clients do not write at once. What a publisher waits for, a first report, a vote, a rejection, is
 * written soon; that a release is applied, later, when the others have it, too. Lives on the loop.
 */
final class InstanceStatusReporter implements OwnedNode.Listener {

  private static final int URGENT_MILLIS = 200;
  private static final int LATER_MILLIS = 750;
  private static final int SPREAD_MILLIS = 750;

  private final CoreClient client;
  private final ConfigPaths paths;
  private final Namespace ns;
  private @Nullable OwnedNode node;
  private @Nullable AckRecord wanted;
  private @Nullable AckRecord said;
  private boolean scheduled;
  private boolean soon;
  private boolean closed;

  InstanceStatusReporter(CoreClient client, ConfigPaths paths, Namespace ns) {
    this.client = client;
    this.paths = paths;
    this.ns = ns;
  }

  /** Reports another status from now on. */
  void report(AckRecord record) {
    if (record.equals(wanted) || closed) {
      return;
    }
    boolean urgent = isUrgent(record, wanted);
    wanted = record;
    if (!scheduled || (urgent && !soon)) {
      scheduled = true;
      soon = urgent;
      ThreadLocalRandom random = ThreadLocalRandom.current();
      long millis = urgent
          ? random.nextInt(URGENT_MILLIS + 1)
          : LATER_MILLIS + random.nextInt(SPREAD_MILLIS + 1);
      client
          .timekeeper()
          .after(Duration.ofMillis(millis), () -> client.loop().execute(this::write));
    }
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

  private void write() {
    scheduled = false;
    soon = false;
    AckRecord record = wanted;
    if (closed || record == null || record.equals(said)) {
      return;
    }
    said = record;
    byte[] data = AckRecord.CODEC.encode(record);
    if (node != null) {
      node.update(data);
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
