package io.zookit.scheduler.internal.run;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.RangeRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.PastEnds;
import io.zookit.scheduler.internal.state.PastEnds.ReadRange;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.util.List;

/**
 * Adds to the record of an orphaned or evicted run that its code was seen working afterwards. It can only be added
 * while the record is among the recent ones, and after the verdict; it is tried for a while.
 */
public record OverlapRecorder(NodeContext context, LiveRun run, int tries) {

  private static final int MOST = 30;
  private static final long RETRY_MILLIS = 1_000;

  public OverlapRecorder(NodeContext context, LiveRun run) {
    this(context, run, 0);
  }

  public void write() {
    SessionTree tree = context.tree;
    if (tree == null || !tree.isConnected()) {
      again();
      return;
    }
    ZkPath path = context.paths.state(run.job());
    tree.read(List.of(path), read -> {
      if (!read.isOk()) {
        again();
      } else if (read.get().get(0).exists()) {
        StateRecord state = Records.read(Records.STATE, read.get().get(0).data(), path);
        note(path, state, read.get().get(0).version());
      }
    });
  }

  private void note(ZkPath path, StateRecord state, int version) {
    List<EndRecord> recent = state.recent().stream()
        .map(ended -> isOurs(ended) ? ended.withOverlap() : ended)
        .toList();
    if (!recent.equals(state.recent())) {
      put(path, Records.STATE.encode(state.withRecent(recent).fitted()), version);
    } else if (state.claim(run.claim().id()).isPresent()) {
      again();
    } else {
      PastEnds.read(context, run.job(), state, this::note);
    }
  }

  private void note(List<ReadRange> past) {
    for (ReadRange each : past) {
      each.range().read().stream().filter(this::isOurs).findFirst().ifPresent(ended -> {
        RangeRecord next = each.range().with(ended.withOverlap());
        put(each.path(), Records.RANGE.encode(next), each.version());
      });
    }
  }

  /** Returns whether an end is the verdict on this run, without the note. */
  private boolean isOurs(EndRecord ended) {
    return ended.id().equals(run.claim().id())
        && ended.overlap() == null
        && (ended.outcome() == SlotOutcome.ORPHANED || ended.isEviction());
  }

  private void put(ZkPath path, byte[] data, int version) {
    context.commit(List.of(new WriteOp.Put(path, data, version)), put -> {
      if (!put.isOk()) {
        again();
      }
    });
  }

  private void again() {
    if (tries < MOST) {
      context.later(RETRY_MILLIS, new OverlapRecorder(context, run, tries + 1)::write);
    }
  }
}
