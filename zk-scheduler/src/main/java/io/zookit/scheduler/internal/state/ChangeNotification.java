package io.zookit.scheduler.internal.state;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.PartitionRecord;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Adds to a commit the change that tells all nodes of it: the job's name in the data of its partition.
 *
 * <p>The data is a ring, so it is read before; of two notices at a time one is refused and its commit made again.
 */
public final class ChangeNotification {

  private static final int RING = 64;

  private ChangeNotification() {}

  public static void of(NodeContext context, String job, Consumer<List<WriteOp>> commit) {
    SessionTree tree = context.tree;
    if (tree == null) {
      return;
    }
    ZkPath path = context.paths.partition(job);
    tree.read(List.of(path), read -> {
      if (read.isOk() && read.get().get(0).exists()) {
        commit.accept(new ArrayList<>(List.of(change(path, job, read.get().get(0)))));
      }
    });
  }

  public static WriteOp change(ZkPath partition, String job, Found found) {
    PartitionRecord before = PartitionRecord.read(found.data());
    List<String> recent = new ArrayList<>(before.recent());
    recent.add(job);
    if (recent.size() > RING) {
      recent.remove(0);
    }
    PartitionRecord after = new PartitionRecord(before.count() + 1, recent);
    return new WriteOp.Put(partition, Records.PARTITION.encode(after), found.version());
  }
}
