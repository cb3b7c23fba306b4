package io.zookit.scheduler;

import io.zookit.core.Timekeeper;
import io.zookit.core.internal.session.Answer;
import io.zookit.scheduler.Tree.Change;
import io.zookit.scheduler.Tree.Stamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** State shared by the parts of a node. Confined to the loop. */
final class NodeContext {

  private static final long GATHER_MILLIS = 1;

  final Executor loop;
  final Timekeeper timekeeper;
  final JobPaths paths;
  final NodeSettings settings;
  final ClusterClock clock;

  /** The session in use, connected or not; none before the first and after one is lost. */
  @Nullable
  Tree tree;

  @Nullable
  Batcher batcher;

  /** Counts the connections; what was read on an earlier one is older than its lost answers. */
  long connection;

  /** Recent duration of commits in milliseconds: that of the slowest, reduced by each faster one after it. */
  private long commitMillis;

  /** The name of this node's znode in this session. */
  String nodeName = "";

  Ranking ranking = new Ranking(Map.of());

  /** Since when each node of the ranking is known to be what it is, in cluster time. */
  private final Map<String, Long> knownSince = new HashMap<>();

  /** Receives the leader's stamps that do not fit. */
  Consumer<Long> onStep = stamp -> {};

  NodeContext(Executor loop, Timekeeper timekeeper, JobPaths paths, NodeSettings settings) {
    this.loop = loop;
    this.timekeeper = timekeeper;
    this.paths = paths;
    this.settings = settings;
    this.clock = new ClusterClock(timekeeper);
  }

  boolean isConnected() {
    Tree now = tree;
    return now != null && now.isConnected();
  }

  /** Returns whether every commit has been answered. */
  boolean isSettled() {
    Batcher open = batcher;
    return open == null || open.isEmpty();
  }

  /** Another ranking; nodes that offer something else than before count as new ones. */
  void toRanking(Ranking next) {
    knownSince.keySet().removeIf(name -> !next.offersTheSame(name, ranking));
    ranking = next;
    noteNodes();
  }

  /** Notes the time for nodes that came while it was not known. */
  void noteNodes() {
    if (clock.isKnown()) {
      long now = clock.now();
      ranking.nodes().keySet().forEach(name -> knownSince.putIfAbsent(name, now));
    }
  }

  /** From when on another node could have claimed slots; for this node never: it leaves its slots to no other. */
  long claimsSince(String name) {
    return name.equals(nodeName) ? Long.MAX_VALUE : knownSince.getOrDefault(name, Long.MAX_VALUE);
  }

  boolean isCurrent(Tree other) {
    return other.equals(tree);
  }

  /** Runs a task on the loop, later. */
  void later(long millis, Runnable task) {
    timekeeper.after(Duration.ofMillis(Math.max(0, millis)), () -> loop.execute(task));
  }

  /** Runs a task on the loop when what is due at one instant has come together. */
  void gathered(Runnable task) {
    later(GATHER_MILLIS, task);
  }

  /** Commits in the session in use, and learns the leader's clock from it. */
  void commit(List<Change> changes, Consumer<Answer<List<Stamp>>> reply) {
    Batcher open = batcher;
    if (open == null) {
      loop.execute(() -> reply.accept(Answer.notSent()));
      return;
    }
    long sent = timekeeper.nanos();
    open.commit(changes, answer -> {
      if (answer.isOk()) {
        commitMillis = Math.max((timekeeper.nanos() - sent) / 1_000_000, commitMillis / 2);
        answer.get().stream()
            .filter(stamp -> stamp.mtime() > 0)
            .findFirst()
            .ifPresent(stamp -> sample(stamp.mtime(), sent));
      }
      reply.accept(answer);
    });
  }

  long commitMillis() {
    return commitMillis;
  }

  void sample(long stamp, long sent) {
    if (clock.sample(stamp, sent) == ClusterClock.Verdict.STEP) {
      onStep.accept(stamp);
    }
  }
}
