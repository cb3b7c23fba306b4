package io.zookit.scheduler.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.node.ShardCoordinator.ShardEnd;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ExecRecord;
import io.zookit.scheduler.internal.records.Records.ShardRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.run.LiveRun.Shard;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobStateWriter;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node's changes to the shards of a slot in one commit. */
final class ShardTransition {

  private final ShardCoordinator desk;
  private final NodeContext context;
  private final CachedJob entry;
  private final ClaimRecord claim;
  private final ExecRecord exec;
  private final List<Found> found;
  private final List<ShardRecord> shards;
  private final List<WriteOp> changes = new ArrayList<>();
  private final Map<Integer, ShardRecord> taken = new LinkedHashMap<>();
  private final List<ShardEnd> ended = new ArrayList<>();
  private final List<ZkPath> orphaned = new ArrayList<>();

  ShardTransition(
      ShardCoordinator desk,
      CachedJob entry,
      ClaimRecord claim,
      ExecRecord exec,
      List<Found> found) {
    this.desk = desk;
    this.context = desk.context;
    this.entry = entry;
    this.claim = claim;
    this.exec = exec;
    this.found = found;
    this.shards = new ArrayList<>(exec.shards());
  }

  void make() {
    int room = context.settings.capacity() - desk.runs.count();
    for (int i = 0; i < shards.size(); i++) {
      ShardRecord shard = shards.get(i);
      Shard place = new Shard(i, shards.size(), exec.members(), false);
      if (shard.outcome() == null && shard.claim() == null) {
        considerOpen(i, shard, room > taken.size());
      } else if (shard.outcome() == null) {
        considerClaimed(i, shard, place, room > taken.size());
      } else {
        tellEnded(claim.id() + "/" + i);
      }
    }
    if (orphaned.isEmpty()) {
      commit();
    } else {
      findProgress();
    }
  }

  /** Deletes the progress of shards that will not be run again, together with the verdict on them. */
  private void findProgress() {
    SessionTree tree = context.tree;
    if (tree == null) {
      return;
    }
    tree.read(orphaned, read -> {
      if (!context.isCurrent(tree) || !read.isOk()) {
        return; // the next look comes
      }
      for (int i = 0; i < orphaned.size(); i++) {
        if (read.get().get(i).exists()) {
          changes.add(new WriteOp.Drop(orphaned.get(i), -1));
        }
      }
      commit();
    });
  }

  /** The answer to the commit of this end was lost, and it was taken. */
  private void tellEnded(String key) {
    ShardEnd ending = desk.endings.remove(key);
    if (ending != null) {
      desk.listener.onShardEnded(entry, ending.run(), null);
    }
  }

  private void considerOpen(int i, ShardRecord shard, boolean room) {
    long waited = context.clock.now() - claim.at();
    if (shard.node() != null) {
      if (shard.node().equals(context.nodeName) && room) {
        take(i, shard);
      } else if (!context.ranking.nodes().containsKey(shard.node())
          && waited > ShardCoordinator.MEMBER_MILLIS) {
        shards.set(
            i,
            new ShardRecord(
                shard.node(), null, null, 0, SlotOutcome.ORPHANED, "the node has gone"));
        touch();
      }
      return;
    }
    int rank = context.ranking.rank(context.nodeName, entry.job(), claim.key() + "/" + i);
    if (rank >= 0
        && room
        && waited >= ClaimOrder.delayMillis(rank, ShardCoordinator.STEAL_MILLIS)) {
      take(i, shard);
    }
  }

  private void considerClaimed(int i, ShardRecord shard, Shard place, boolean room) {
    String key = claim.id() + "/" + i;
    Found node = i + 2 < found.size() ? found.get(i + 2) : Found.ABSENT;
    ShardEnd ending = desk.endings.get(key);
    if (ending != null && ending.run().claim().id().equals(claim.id()) && node.mine()) {
      shards.set(i, ended(shard, ending));
      changes.add(new WriteOp.Drop(path(i), -1));
      ended.add(ending);
    } else if (node.exists()) {
      desk.absent.remove(key);
      boolean mine = node.mine() && desk.issued.contains(shard.claim());
      if (mine && desk.runs.run(key) == null) {
        desk.listener.onShard(entry, claim, place, shard.attempt(), node.zxid());
      }
    } else if (desk.runs.run(key) == null) {
      considerOrphan(i, shard, key, room);
    }
  }

  private void considerOrphan(int i, ShardRecord shard, String key, boolean room) {
    long since = desk.absent.computeIfAbsent(key, any -> context.clock.now());
    int rank = Math.max(0, context.ranking.rank(context.nodeName, entry.job()));
    if (context.clock.now() < since + ClaimOrder.delayMillis(rank, ClaimOrder.MOST_UNIT_MILLIS)) {
      return;
    }
    if (shard.node() == null && entry.job().policies().reruns(shard.attempt())) {
      if (room && context.ranking.rank(context.nodeName, entry.job()) >= 0) {
        take(i, shard);
      }
      return;
    }
    shards.set(
        i,
        new ShardRecord(
            shard.node(),
            shard.claim(),
            shard.owner(),
            shard.attempt(),
            SlotOutcome.ORPHANED,
            null));
    byte[] record =
        Records.RUN.encode(new Records.RunNodeRecord(context.settings.label(), claim.id()));
    changes.add(new WriteOp.Make(path(i), record, true));
    changes.add(new WriteOp.Drop(path(i), -1));
    orphaned.add(context.paths.checkpoint(entry.name, claim, i));
  }

  private void take(int i, ShardRecord shard) {
    String id = desk.claims.newId();
    ShardRecord mine = new ShardRecord(
        shard.node(), id, context.settings.label(), shard.attempt() + 1, null, null);
    shards.set(i, mine);
    taken.put(i, mine);
    desk.issued.add(id);
    changes.add(new WriteOp.Make(
        path(i),
        Records.RUN.encode(new Records.RunNodeRecord(context.settings.label(), id)),
        true));
  }

  /** A change of the record alone. */
  private void touch() {
    if (changes.isEmpty()) {
      changes.add(new WriteOp.Check(context.paths.def(entry.name), -1));
    }
  }

  private static ShardRecord ended(ShardRecord shard, ShardEnd ending) {
    return new ShardRecord(
        shard.node(),
        shard.claim(),
        shard.owner(),
        shard.attempt(),
        ending.outcome(),
        ending.error());
  }

  private ZkPath path(int i) {
    return context.paths.shards(entry.name, claim).own("run-" + i);
  }

  private void commit() {
    if (changes.isEmpty()) {
      return;
    }
    boolean last = shards.stream().noneMatch(shard -> shard.outcome() == null);
    if (last && entry.busy) {
      return; // another commit on the state is under way or in doubt; the next look comes
    }
    ExecRecord next = new ExecRecord(exec.claim(), shards, exec.members());
    ZkPath path = context.paths.shards(entry.name, claim);
    changes.add(0, new WriteOp.Put(path, Records.EXEC.encode(next), found.get(0).version()));
    for (ShardEnd ending : ended) {
      if (ending.run().hasCheckpoint()) {
        changes.add(new WriteOp.Drop(
            context.paths.checkpoint(
                entry.name, claim, ending.run().assignedShard().index()),
            -1));
      }
    }
    if (!last) {
      send(null, null);
    } else if (entry.job().mode() == JobMode.SHARDED) {
      complete();
    } else {
      StateRecord state =
          entry.planner().end(entry.state, claim, worst(), missing(), context.clock.now());
      changes.add(new WriteOp.Drop(path, -1));
      changes.add(desk.writer.put(entry.snapshot(), state));
      send(state, null);
    }
  }

  /** The last shard: the run after all shards is claimed in the same commit. */
  private void complete() {
    ClaimRecord completion = claim.toCompletion(
        desk.claims.newId(), context.settings.label(), context.clock.now(), worst());
    StateRecord state = entry.planner().reopen(entry.state, claim, completion);
    changes.add(desk.writer.makeRun(entry.snapshot(), completion));
    changes.add(desk.writer.put(entry.snapshot(), state));
    send(state, completion);
  }

  private SlotOutcome worst() {
    return shards.stream()
        .map(shard -> shard.outcome() == null ? SlotOutcome.FAILED : shard.outcome())
        .reduce(SlotOutcome.RAN, JobStateWriter::worse);
  }

  /** Returns the members of a broadcast that did not run it, with the outcomes of their shards. */
  private @Nullable String missing() {
    List<String> missing = shards.stream()
        .filter(shard -> shard.outcome() != SlotOutcome.RAN && shard.node() != null)
        .map(shard -> shard.node() + " " + shard.outcome())
        .toList();
    return missing.isEmpty() ? null : String.join(", ", missing);
  }

  private void send(@Nullable StateRecord state, @Nullable ClaimRecord completion) {
    SessionTree tree = context.tree;
    if (completion != null) {
      entry.busy = true;
      entry.unanswered = completion;
    }
    context.commit(changes, answer -> {
      if (tree == null || !context.isCurrent(tree)) {
        return;
      }
      if (!answer.isAnswered()) {
        doubt(state, completion);
        return;
      }
      if (completion != null) {
        entry.busy = false;
        entry.unanswered = null;
      }
      if (!answer.isOk()) {
        context.later(30, () -> desk.look(entry, claim));
        return;
      }
      if (state != null) {
        entry.own = entry.take(state, answer.get().get(changes.size() - 1).version());
      }
      tell(answer.get().get(0).zxid(), state, completion);
    });
  }

  /** The next read of the job shows what became of the commit. */
  private void doubt(@Nullable StateRecord state, @Nullable ClaimRecord completion) {
    entry.inDoubt |= completion != null;
    if (state != null && completion == null) {
      entry.untold = state.ended(claim.id()).orElse(null);
    }
  }

  private void tell(long zxid, @Nullable StateRecord state, @Nullable ClaimRecord completion) {
    taken.forEach((i, shard) -> desk.listener.onShard(
        entry, claim, new Shard(i, shards.size(), exec.members(), false), shard.attempt(), zxid));
    for (ShardEnd ending : ended) {
      desk.endings.remove(ShardCoordinator.key(ending.run()));
      desk.listener.onShardEnded(entry, ending.run(), null);
    }
    if (completion != null) {
      desk.listener.onCompletion(entry, completion, zxid);
    } else if (state != null) {
      state
          .ended(claim.id())
          .ifPresent(
              ended -> desk.listener.onShardEnded(entry, null, ended.toRun(entry.name, null)));
    }
  }
}
