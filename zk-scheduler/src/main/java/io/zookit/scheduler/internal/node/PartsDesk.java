package io.zookit.scheduler.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.Fate;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ExecRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.run.LiveRun.Part;
import io.zookit.scheduler.internal.run.RunDesk;
import io.zookit.scheduler.internal.state.ClaimDesk;
import io.zookit.scheduler.internal.state.JobBook;
import io.zookit.scheduler.internal.state.JobEntry;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.zk.Tree;
import io.zookit.scheduler.internal.zk.Tree.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Slots in parts: the shards of a sharded job, the nodes of a broadcast.
 *
 * <pre>
 *   exec/&lt;slot&gt;          PERSISTENT  all parts with claim, attempt and fate; changed by compare-and-set only
 *   exec/&lt;slot&gt;/run-&lt;i&gt;  EPHEMERAL   part i is being run
 * </pre>
 *
 * <p>A part is claimed by {@code put(exec) make(run-i)}, ended by {@code put(exec) drop(run-i)}, and withdrawn by the
 * verdict {@code put(exec) make(run-i) drop(run-i)}. The node that ends the last part also ends the slot in the same
 * commit, or claims the run after all shards. There is no assignment that could go stale: a node takes the shards it is
 * first for, and after a while those that others have left. Confined to the loop.
 */
final class PartsDesk {

  private static final long LOOK_MILLIS = 400;
  private static final int SPARE = 8;
  static final long MEMBER_MILLIS = 5_000;
  static final long STEAL_MILLIS = 1_000;

  /** Receives the results of this node's operations on parts. */
  interface Listener {

    /** A part is mine. */
    void onPart(JobEntry entry, ClaimRecord claim, Part part, int attempt, long zxid);

    /** The run after all parts is mine. */
    void onCompletion(JobEntry entry, ClaimRecord claim, long zxid);

    /** A part, or the slot, was ended by another node. */
    void onPartRefused(LiveRun run);

    /** A part, and maybe the slot, has its end. */
    void onPartEnded(JobEntry entry, @Nullable LiveRun run, @Nullable RunRecord slotEnd);
  }

  /** The end of a part's code that is to be recorded. */
  record Ending(
      LiveRun run, JobEntry entry, Fate fate, @Nullable String error) {}

  final NodeContext context;
  final ClaimDesk claims;
  final RunDesk runs;
  final JobBook book;
  final Listener listener;
  final Map<String, Ending> endings = new LinkedHashMap<>();
  final Map<String, Long> absent = new HashMap<>();
  final Set<String> issued = new HashSet<>();
  private final Set<String> looking = new HashSet<>();
  private final Set<String> waiting = new HashSet<>();

  PartsDesk(NodeContext context, ClaimDesk claims, RunDesk runs, JobBook book, Listener listener) {
    this.context = context;
    this.claims = claims;
    this.runs = runs;
    this.book = book;
    this.listener = listener;
  }

  void onLost() {
    List.copyOf(endings.values()).forEach(ending -> listener.onPartRefused(ending.run));
    endings.clear();
    issued.clear();
    absent.clear();
    looking.clear();
  }

  void onReconnected() {
    looking.clear();
  }

  /** Ends a part. */
  void end(JobEntry entry, LiveRun run, Fate fate, @Nullable String error) {
    endings.put(key(run), new Ending(run, entry, fate, error));
    look(entry, run.claim());
  }

  static String key(LiveRun run) {
    return RunDesk.keyOf(run.claim(), run.part());
  }

  /** Reads the parts of a slot, and does what there is to do. */
  void look(JobEntry entry, ClaimRecord claim) {
    Tree tree = context.tree;
    if (tree == null || looking.contains(claim.id())) {
      return;
    }
    read(
        tree,
        entry,
        claim,
        Math.max(entry.job().shards(), context.ranking.nodes().size() + SPARE));
  }

  /** Reads the run nodes of a number of parts. */
  private void read(Tree tree, JobEntry entry, ClaimRecord claim, int total) {
    looking.add(claim.id());
    ZkPath exec = context.paths.parts(entry.name, claim);
    List<ZkPath> paths = new ArrayList<>();
    paths.add(exec);
    paths.add(context.paths.state(entry.name));
    for (int i = 0; i < total; i++) {
      paths.add(exec.own("run-" + i));
    }
    tree.read(paths, read -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      looking.remove(claim.id());
      int parts = read.isOk() ? partsOf(entry, claim, read.get().get(0)) : 0;
      if (parts > total) {
        read(tree, entry, claim, parts);
      } else if (read.isOk()) {
        onLooked(entry, claim, read.get());
      } else {
        lookLater(entry, claim);
      }
    });
  }

  /**
   * Returns the number of parts of the slot; more than the job has shards or the cluster has nodes if there were more
   * when the slot began.
   */
  private int partsOf(JobEntry entry, ClaimRecord claim, Found exec) {
    return exec.exists()
        ? Records.read(Records.EXEC, exec.data(), context.paths.parts(entry.name, claim))
            .parts()
            .size()
        : 0;
  }

  private void onLooked(JobEntry entry, ClaimRecord claim, List<Found> found) {
    if (found.get(1).exists()) {
      StateRecord state = Records.read(Records.STATE, found.get(1).data(), entry.name);
      entry.take(state, found.get(1).version());
    }
    boolean open = entry.state.claim(claim.id()).isPresent();
    if (!found.get(0).exists() || !open) {
      settle(entry, claim);
      book.want(entry.name);
      return;
    }
    ExecRecord exec = Records.read(Records.EXEC, found.get(0).data(), entry.name);
    new PartsMove(this, entry, claim, exec, found).make();
    lookLater(entry, claim);
  }

  /**
   * The slot is not open any more. What is in {@code endings} is of the session that claimed it, whose run nodes only this
   * node takes away: if the slot has gone on, the ends were taken and their answer was lost.
   */
  private void settle(JobEntry entry, ClaimRecord claim) {
    boolean ended = entry.state.isBehind(claim);
    for (Ending ending : List.copyOf(endings.values())) {
      if (!ending.run.claim().id().equals(claim.id())) {
        continue;
      }
      endings.remove(key(ending.run));
      if (ended) {
        listener.onPartEnded(entry, ending.run, null);
      } else {
        listener.onPartRefused(ending.run);
      }
    }
  }

  /** One look is to come for each slot, however often it is looked at for other reasons. */
  private void lookLater(JobEntry entry, ClaimRecord claim) {
    if (!waiting.add(claim.id())) {
      return;
    }
    context.later(LOOK_MILLIS, () -> {
      waiting.remove(claim.id());
      boolean open = entry.state.claim(claim.id()).isPresent()
          || endings.values().stream().anyMatch(e -> e.run.claim().id().equals(claim.id()));
      if (open) {
        look(entry, claim);
      }
    });
  }
}
