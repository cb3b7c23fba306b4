package io.zookit.scheduler.internal.state;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.rules.ClusterClock;
import io.zookit.scheduler.internal.rules.Ranking;
import io.zookit.scheduler.internal.zk.Batcher;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Stamp;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** State shared by the parts of a node. Confined to the loop. */
public final class NodeContext {

  private static final long GATHER_MILLIS = 1;

  public final Executor loop;
  public final Timekeeper timekeeper;
  public final JobPaths paths;
  public final NodeSettings settings;
  public final ClusterClock clock;

  /** The session in use, connected or not; none before the first and after one is lost. */
  @Nullable
  public SessionTree tree;

  @Nullable
  public Batcher batcher;

  /** Counts the connections; what was read on an earlier one is older than its lost answers. */
  public long connection;

  /** Recent duration of commits in milliseconds: that of the slowest, reduced by each faster one after it. */
  private long commitMillis;

  /** The name of this node's znode in this session. */
  public String nodeName = "";

  public Ranking ranking = new Ranking(Map.of());

  /** Since when each node of the ranking is known to be what it is, in cluster time. */
  private final Map<String, Long> knownSince = new HashMap<>();

  /** The watches in the session in use. */
  private final List<Subscription> watches = new ArrayList<>();

  /** Receives the leader's stamps that do not fit. */
  public Consumer<Long> onStep = stamp -> {};

  public NodeContext(Executor loop, Timekeeper timekeeper, JobPaths paths, NodeSettings settings) {
    this.loop = loop;
    this.timekeeper = timekeeper;
    this.paths = paths;
    this.settings = settings;
    this.clock = new ClusterClock(timekeeper);
  }

  public boolean isConnected() {
    SessionTree now = tree;
    return now != null && now.isConnected();
  }

  /** Returns whether every commit has been answered. */
  public boolean isSettled() {
    Batcher open = batcher;
    return open == null || open.isEmpty();
  }

  /** Another ranking; nodes that offer something else than before count as new ones. */
  public void toRanking(Ranking next) {
    knownSince.keySet().removeIf(name -> !next.offersTheSame(name, ranking));
    ranking = next;
    noteNodes();
  }

  /** Notes the time for nodes that came while it was not known. */
  public void noteNodes() {
    if (clock.isKnown()) {
      long now = clock.now();
      ranking.nodes().keySet().forEach(name -> knownSince.putIfAbsent(name, now));
    }
  }

  /** From when on another node could have claimed slots; for this node never: it leaves its slots to no other. */
  public long claimsSince(String name) {
    return name.equals(nodeName) ? Long.MAX_VALUE : knownSince.getOrDefault(name, Long.MAX_VALUE);
  }

  public boolean isCurrent(SessionTree other) {
    return other.equals(tree);
  }

  /** Runs a task at each change of a node's data or children, as long as the session is in use. */
  public void follow(SessionTree session, ZkPath path, Runnable changed) {
    watches.add(session.follow(path, () -> {
      if (isCurrent(session)) {
        changed.run();
      }
    }));
  }

  /** Removes the watches of the session in use: it is over, or this node is closed. */
  public void closeWatches() {
    watches.forEach(Subscription::close);
    watches.clear();
  }

  /** Runs a task on the loop, later. */
  public void later(long millis, Runnable task) {
    timekeeper.after(Duration.ofMillis(Math.max(0, millis)), () -> loop.execute(task));
  }

  /** Runs a task on the loop when what is due at one instant has come together. */
  public void gathered(Runnable task) {
    later(GATHER_MILLIS, task);
  }

  /** Commits in the session in use, and learns the leader's clock from it. */
  public void commit(List<WriteOp> changes, Consumer<Answer<List<Stamp>>> reply) {
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

  public long commitMillis() {
    return commitMillis;
  }

  void sample(long stamp, long sent) {
    if (clock.sample(stamp, sent) == ClusterClock.Sample.STEP) {
      onStep.accept(stamp);
    }
  }
}
