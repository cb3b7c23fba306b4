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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One node's changes to the shards of a slot in one commit. */
final class ShardTransition {

  private static final long CONFLICT_MILLIS = 30;

  private final ShardCoordinator coordinator;
  private final NodeContext context;
  /** The job as it was when the shards were read; see {@link #current}. */
  private final CachedJob job;

  private final ClaimRecord claim;
  private final ExecRecord exec;
  private final List<Found> found;
  private final List<ShardRecord> shards;
  private final List<WriteOp> changes = new ArrayList<>();
  private final Map<Integer, ShardRecord> taken = new LinkedHashMap<>();
  private final List<ShardEnd> ended = new ArrayList<>();
  private final List<ZkPath> orphaned = new ArrayList<>();

  ShardTransition(
      ShardCoordinator coordinator,
      CachedJob job,
      ClaimRecord claim,
      ExecRecord exec,
      List<Found> found) {
    this.coordinator = coordinator;
    this.context = coordinator.context;
    this.job = job;
    this.claim = claim;
    this.exec = exec;
    this.found = found;
    this.shards = new ArrayList<>(exec.shards());
  }

  void make() {
    int room = context.settings.capacity() - coordinator.runs.count();
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
    ShardEnd ending = coordinator.endings.remove(key);
    if (ending != null) {
      coordinator.listener().onShardEnded(job.name(), ending.run(), null);
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
    int rank = context.ranking.rank(context.nodeName, job.job(), claim.key() + "/" + i);
    if (rank >= 0
        && room
        && waited >= ClaimOrder.delayMillis(rank, ShardCoordinator.STEAL_MILLIS)) {
      take(i, shard);
    }
  }

  private void considerClaimed(int i, ShardRecord shard, Shard place, boolean room) {
    String key = claim.id() + "/" + i;
    Found node = i + 2 < found.size() ? found.get(i + 2) : Found.ABSENT;
    ShardEnd ending = coordinator.endings.get(key);
    if (ending != null && ending.run().claim().id().equals(claim.id()) && node.mine()) {
      shards.set(i, ended(shard, ending));
      changes.add(new WriteOp.Drop(path(i), -1));
      ended.add(ending);
    } else if (node.exists()) {
      coordinator.absent.remove(key);
      boolean mine = node.mine() && coordinator.issued.contains(shard.claim());
      if (mine && coordinator.runs.run(key) == null) {
        coordinator.listener().onShard(job, claim, place, shard.attempt(), node.zxid());
      }
    } else if (coordinator.runs.run(key) == null) {
      considerOrphan(i, shard, key, room);
    }
  }

  private void considerOrphan(int i, ShardRecord shard, String key, boolean room) {
    long since = coordinator.absent.computeIfAbsent(key, any -> context.clock.now());
    int rank = Math.max(0, context.ranking.rank(context.nodeName, job.job()));
    if (context.clock.now() < since + ClaimOrder.delayMillis(rank, ClaimOrder.MOST_UNIT_MILLIS)) {
      return;
    }
    if (shard.node() == null && job.job().policies().reruns(shard.attempt())) {
      if (room && context.ranking.rank(context.nodeName, job.job()) >= 0) {
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
    orphaned.add(context.paths.checkpoint(job.name(), claim, i));
  }

  private void take(int i, ShardRecord shard) {
    String id = coordinator.claims.newId();
    ShardRecord mine = new ShardRecord(
        shard.node(), id, context.settings.label(), shard.attempt() + 1, null, null);
    shards.set(i, mine);
    taken.put(i, mine);
    coordinator.issued.add(id);
    changes.add(new WriteOp.Make(
        path(i),
        Records.RUN.encode(new Records.RunNodeRecord(context.settings.label(), id)),
        true));
  }

  /** A change of the record alone. */
  private void touch() {
    if (changes.isEmpty()) {
      changes.add(new WriteOp.Check(context.paths.def(job.name()), -1));
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
    return context.paths.shards(job.name(), claim).own("run-" + i);
  }

  private void commit() {
    if (changes.isEmpty()) {
      return;
    }
    boolean last = shards.stream().noneMatch(shard -> shard.outcome() == null);
    if (last && !current().commit().isIdle()) {
      return; // another commit on the state is under way or in doubt; the next look comes
    }
    ExecRecord next = new ExecRecord(exec.claim(), shards, exec.members());
    ZkPath path = context.paths.shards(job.name(), claim);
    changes.add(0, new WriteOp.Put(path, Records.EXEC.encode(next), found.get(0).version()));
    for (ShardEnd ending : ended) {
      if (ending.run().hasCheckpoint()) {
        changes.add(new WriteOp.Drop(
            context.paths.checkpoint(
                job.name(), claim, ending.run().assignedShard().index()),
            -1));
      }
    }
    if (!last) {
      send(null, null);
    } else if (job.job().mode() == JobMode.SHARDED) {
      complete();
    } else {
      CachedJob now = current();
      StateRecord state =
          now.planner().end(now.state(), claim, worst(), missing(), context.clock.now());
      changes.add(new WriteOp.Drop(path, -1));
      changes.add(coordinator.writer.put(now.stored(), state));
      send(state, null);
    }
  }

  /** The last shard: the run after all shards is claimed in the same commit. */
  private void complete() {
    ClaimRecord completion = claim.toCompletion(
        coordinator.claims.newId(), context.settings.label(), context.clock.now(), worst());
    CachedJob now = current();
    StateRecord state = now.planner().reopen(now.state(), claim, completion);
    changes.add(coordinator.writer.makeRun(now.stored(), completion));
    changes.add(coordinator.writer.put(now.stored(), state));
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

  /** Returns what is known of the job now. */
  private CachedJob current() {
    CachedJob now = coordinator.cache.find(job.name());
    return now == null ? job : now;
  }

  private void update(UnaryOperator<CachedJob> change) {
    coordinator.cache.update(job.name(), change);
  }

  private void send(@Nullable StateRecord state, @Nullable ClaimRecord completion) {
    SessionTree tree = context.tree;
    if (completion != null) {
      update(known -> known.withCommit(known.commit().toPending(completion)));
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
        update(known -> known.withCommit(known.commit().toIdle()));
      }
      if (!answer.isOk()) {
        context.later(CONFLICT_MILLIS, () -> coordinator.look(job.name(), claim));
        return;
      }
      if (state != null) {
        int version = answer.get().get(changes.size() - 1).version();
        update(known -> known.withWrittenState(state, version));
      }
      tell(answer.get().get(0).zxid(), state, completion);
    });
  }

  /** The next read of the job shows what became of the commit. */
  private void doubt(@Nullable StateRecord state, @Nullable ClaimRecord completion) {
    if (completion != null) {
      update(known -> known.withCommit(known.commit().toUnknown()));
    } else if (state != null) {
      update(known ->
          known.withCommit(known.commit().withEnd(state.ended(claim.id()).orElse(null))));
    }
  }

  private void tell(long zxid, @Nullable StateRecord state, @Nullable ClaimRecord completion) {
    ShardCoordinator.Listener listener = coordinator.listener();
    taken.forEach((i, shard) -> listener.onShard(
        current(),
        claim,
        new Shard(i, shards.size(), exec.members(), false),
        shard.attempt(),
        zxid));
    for (ShardEnd ending : ended) {
      coordinator.endings.remove(ShardCoordinator.key(ending.run()));
      listener.onShardEnded(job.name(), ending.run(), null);
    }
    if (completion != null) {
      listener.onCompletion(current(), completion, zxid);
    } else if (state != null) {
      state
          .ended(claim.id())
          .ifPresent(end -> listener.onShardEnded(job.name(), null, end.toRun(job.name(), null)));
    }
  }
}
