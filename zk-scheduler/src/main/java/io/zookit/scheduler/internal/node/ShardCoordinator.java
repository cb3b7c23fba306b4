package io.zookit.scheduler.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ExecRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.run.LiveRun.Shard;
import io.zookit.scheduler.internal.run.RunningJobs;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.JobStateWriter;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.SlotClaimer;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Slots in shards: the shards of a sharded job, the nodes of a broadcast.
 *
 * <pre>
 *   exec/&lt;slot&gt;          PERSISTENT  all shards with claim, attempt and outcome; changed by compare-and-set only
 *   exec/&lt;slot&gt;/run-&lt;i&gt;  EPHEMERAL   shard i is being run
 * </pre>
 *
 * <p>A shard is claimed by {@code put(exec) make(run-i)}, ended by {@code put(exec) drop(run-i)}, and withdrawn by the
 * verdict {@code put(exec) make(run-i) drop(run-i)}. The node that ends the last shard also ends the slot in the same
 * commit, or claims the run after all shards. There is no assignment that could go stale: a node takes the shards it is
 * first for, and after a while those that others have left. Confined to the loop.
 */
final class ShardCoordinator {

  private static final long LOOK_MILLIS = 400;
  private static final int SPARE = 8;
  static final long MEMBER_MILLIS = 5_000;
  static final long STEAL_MILLIS = 1_000;

  /** Receives the results of this node's operations on shards. */
  interface Listener {

    /** A shard is mine. */
    void onShard(CachedJob job, ClaimRecord claim, Shard shard, int attempt, long zxid);

    /** The run after all shards is mine. */
    void onCompletion(CachedJob job, ClaimRecord claim, long zxid);

    /** A shard, or the slot, was ended by another node. */
    void onShardRefused(LiveRun run);

    /** A shard, and maybe the slot, has its end. */
    void onShardEnded(String job, @Nullable LiveRun run, @Nullable RunRecord slotEnd);
  }

  /** The end of a shard's code that is to be recorded. */
  record ShardEnd(
      LiveRun run, SlotOutcome outcome, @Nullable String error) {}

  final NodeContext context;
  final SlotClaimer claims;
  final JobStateWriter writer;
  final RunningJobs runs;
  final JobCache cache;
  private final Supplier<Listener> listener;
  final Map<String, ShardEnd> endings = new LinkedHashMap<>();
  final Map<String, Long> absent = new HashMap<>();
  final Set<String> issued = new HashSet<>();
  private final Set<String> looking = new HashSet<>();
  private final Set<String> waiting = new HashSet<>();

  ShardCoordinator(
      NodeContext context,
      SlotClaimer claims,
      RunningJobs runs,
      JobCache cache,
      Supplier<Listener> listener) {
    this.context = context;
    this.claims = claims;
    this.writer = new JobStateWriter(context.paths, context.settings.label());
    this.runs = runs;
    this.cache = cache;
    this.listener = listener;
  }

  Listener listener() {
    return listener.get();
  }

  void onLost() {
    List.copyOf(endings.values()).forEach(ending -> listener().onShardRefused(ending.run));
    endings.clear();
    issued.clear();
    absent.clear();
    looking.clear();
  }

  void onReconnected() {
    looking.clear();
  }

  /** Ends a shard. */
  void end(LiveRun run, SlotOutcome outcome, @Nullable String error) {
    endings.put(key(run), new ShardEnd(run, outcome, error));
    look(run.job(), run.claim());
  }

  static String key(LiveRun run) {
    return RunningJobs.keyOf(run.claim(), run.assignedShard());
  }

  /** Reads the shards of a slot, and does what there is to do. */
  void look(String name, ClaimRecord claim) {
    SessionTree tree = context.tree;
    CachedJob job = cache.find(name);
    if (tree == null || job == null || looking.contains(claim.id())) {
      return;
    }
    read(tree, name, claim, Math.max(job.job().shards(), context.ranking.nodes().size() + SPARE));
  }

  /** Reads the run nodes of a number of shards. */
  private void read(SessionTree tree, String job, ClaimRecord claim, int total) {
    looking.add(claim.id());
    ZkPath exec = context.paths.shards(job, claim);
    List<ZkPath> paths = new ArrayList<>();
    paths.add(exec);
    paths.add(context.paths.state(job));
    for (int i = 0; i < total; i++) {
      paths.add(exec.own("run-" + i));
    }
    tree.read(paths, read -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      looking.remove(claim.id());
      int shards = read.isOk() ? shardsOf(job, claim, read.get().get(0)) : 0;
      if (shards > total) {
        read(tree, job, claim, shards);
      } else if (read.isOk()) {
        onLooked(job, claim, read.get());
      } else {
        lookLater(job, claim);
      }
    });
  }

  /**
   * Returns the number of shards of the slot; more than the job has shards or the cluster has nodes if there were more
   * when the slot began.
   */
  private int shardsOf(String job, ClaimRecord claim, Found exec) {
    return exec.exists()
        ? Records.read(Records.EXEC, exec.data(), context.paths.shards(job, claim))
            .shards()
            .size()
        : 0;
  }

  private void onLooked(String name, ClaimRecord claim, List<Found> found) {
    if (found.get(1).exists()) {
      StateRecord state = Records.read(Records.STATE, found.get(1).data(), name);
      cache.update(name, known -> known.withState(state, found.get(1).version()));
    }
    CachedJob job = cache.find(name);
    boolean open = job != null && job.state().claim(claim.id()).isPresent();
    if (job == null || !found.get(0).exists() || !open) {
      settle(name, claim);
      cache.want(name);
      return;
    }
    ExecRecord exec = Records.read(Records.EXEC, found.get(0).data(), name);
    new ShardTransition(this, job, claim, exec, found).make();
    lookLater(name, claim);
  }

  /**
   * The slot is not open any more. What is in {@code endings} is of the session that claimed it, whose run nodes only this
   * node takes away: if the slot has gone on, the ends were taken and their answer was lost.
   */
  private void settle(String name, ClaimRecord claim) {
    CachedJob job = cache.find(name);
    boolean ended = job != null && job.state().isBehind(claim);
    for (ShardEnd ending : List.copyOf(endings.values())) {
      if (!ending.run.claim().id().equals(claim.id())) {
        continue;
      }
      endings.remove(key(ending.run));
      if (ended) {
        listener().onShardEnded(name, ending.run, null);
      } else {
        listener().onShardRefused(ending.run);
      }
    }
  }

  /** One look is to come for each slot, however often it is looked at for other reasons. */
  private void lookLater(String name, ClaimRecord claim) {
    if (!waiting.add(claim.id())) {
      return;
    }
    context.later(LOOK_MILLIS, () -> {
      waiting.remove(claim.id());
      CachedJob job = cache.find(name);
      boolean open = (job != null && job.state().claim(claim.id()).isPresent())
          || endings.values().stream().anyMatch(e -> e.run.claim().id().equals(claim.id()));
      if (open) {
        look(name, claim);
      }
    });
  }
}
