package io.zookit.scheduler.internal.state;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.records.RangeRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads the ends that were moved from a state to ranges: after a lost answer, when many runs have ended since. */
public final class PastEnds {

  /**
   * A range as it was read.
   *
   * @param version of its node
   */
  public record ReadRange(ZkPath path, int version, RangeRecord range) {}

  private PastEnds() {}

  /**
   * Reads the ranges of ends of a job.
   *
   * @param reply receives those that exist, oldest first; nothing without an answer, when the job is read again
   */
  public static void read(
      NodeContext context, String job, StateRecord state, Consumer<List<ReadRange>> reply) {
    SessionTree tree = context.tree;
    List<ZkPath> paths = context.paths.ends(job, state);
    if (tree == null) {
      return;
    }
    if (paths.isEmpty()) {
      reply.accept(List.of());
      return;
    }
    tree.read(paths, read -> {
      if (read.isOk() && context.isCurrent(tree)) {
        reply.accept(decode(paths, read.get()));
      }
    });
  }

  private static List<ReadRange> decode(List<ZkPath> paths, List<Found> found) {
    List<ReadRange> ranges = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      if (found.get(i).exists()) {
        RangeRecord range = Records.read(Records.RANGE, found.get(i).data(), paths.get(i));
        ranges.add(new ReadRange(paths.get(i), found.get(i).version(), range));
      }
    }
    return ranges;
  }

  /** Returns the ends of ranges, oldest first. */
  public static List<EndRecord> endsOf(List<ReadRange> ranges) {
    return ranges.stream().flatMap(each -> each.range().read().stream()).toList();
  }
}
