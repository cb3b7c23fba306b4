package io.zookit.scheduler.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.scheduler.SchedulerObserver;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.NodeRecord;
import io.zookit.scheduler.internal.rules.Ranking;
import io.zookit.scheduler.internal.state.JobEvent;
import io.zookit.scheduler.internal.state.JobEvent.MembersChanged;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.Stamp;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership of this node: its own znode, which is written every {@value #PROBE_MILLIS} ms to publish its clock and to
 * learn the leader's, and the znodes of the other nodes.
 *
 * <p>The other nodes watch the list of nodes and not their data, so a node publishes the jobs it can run by creating
 * its znode: it is re-created until one that is known to exist was created with the current offer. Confined to the
 * loop.
 */
final class ClusterMembership {

  private static final Logger log = LoggerFactory.getLogger(ClusterMembership.class);
  private static final long PROBE_MILLIS = 5_000;
  private static final long RETRY_MILLIS = 500;

  private final NodeContext context;
  private final Supplier<String> names;
  private final Consumer<JobEvent> events;
  private Offer offer = Offer.NOTHING;

  /** The offer with which this node's znode was last created; null while that is not known. */
  private @Nullable Offer told;

  /** Set while this node's znode exists, as far as is known. */
  private boolean there;

  /** Set while a request that creates the znode is in flight; there is at most one, so that none overtakes another. */
  private boolean telling;

  private boolean leaving;

  /** Set once this node's znode is permanently gone. */
  private boolean left;

  private long probes;
  private boolean voting;

  /** The handlers of a node, and whether it is about to leave. */
  private record Offer(Map<String, Integer> handlers, boolean draining) {
    static final Offer NOTHING = new Offer(Map.of(), false);

    Offer {
      handlers = Map.copyOf(handlers);
    }
  }

  ClusterMembership(NodeContext context, Supplier<String> names, Consumer<JobEvent> events) {
    this.context = context;
    this.names = names;
    this.events = events;
    context.onStep = this::onStep;
  }

  /**
   * Starts a new session with a new name, so that nothing of an earlier session is mistaken for this node's own.
   * Nothing is done under the old name: its znode may still exist for a moment, and re-created it would last as long as
   * this session.
   */
  void onSession(SessionTree tree, Map<String, Integer> handlers, boolean draining) {
    offer = new Offer(handlers, draining);
    context.nodeName = names.get();
    context.toRanking(new Ranking(Map.of()));
    toAbsent();
    telling = false;
    register(tree, true);
    context.follow(tree, context.paths.nodes(), () -> refresh(tree));
    probeLater(tree, ++probes);
  }

  void onReconnected(SessionTree tree) {
    if (leaving) {
      drop(tree);
      return;
    }
    if (there) {
      refresh(tree);
      tell(tree);
    } else {
      register(tree, true);
    }
    probeLater(tree, ++probes);
  }

  /** Says what this node can run. */
  void publish(Map<String, Integer> handlers, boolean draining) {
    offer = new Offer(handlers, draining);
    SessionTree tree = context.tree;
    if (there && tree != null) {
      tell(tree);
    }
  }

  /** Takes this node's znode away, behind whatever makes it. */
  void leave() {
    leaving = true;
    SessionTree tree = context.tree;
    if (tree != null) {
      drop(tree);
    }
  }

  boolean hasLeft() {
    return left;
  }

  private void drop(SessionTree tree) {
    if (telling || left) {
      return;
    }
    telling = true;
    context.commit(List.of(new WriteOp.Drop(path(), -1)), dropped -> {
      if (context.isCurrent(tree)) {
        telling = false;
        left = dropped.isAnswered();
      }
    });
  }

  private void toAbsent() {
    there = false;
    told = null;
  }

  /** Re-creates this node's znode, unless that is unnecessary; a failure is retried with the next probe. */
  private void tell(SessionTree tree) {
    if (leaving) {
      drop(tree);
    } else if (!telling && !offer.equals(told)) {
      makeAnew(tree);
    }
  }

  private void makeAnew(SessionTree tree) {
    Offer made = offer;
    telling = true;
    told = null;
    List<WriteOp> changes =
        List.of(new WriteOp.Drop(path(), -1), new WriteOp.Make(path(), record(), true));
    context.commit(changes, answer -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      telling = false;
      if (answer.isOk()) {
        told = made;
        tell(tree);
      } else if (answer.code() == Code.NONODE) {
        toAbsent();
        register(tree, true);
      } else if (leaving) {
        drop(tree);
      }
    });
  }

  private ZkPath path() {
    return context.paths.nodes().own(context.nodeName);
  }

  private byte[] record() {
    return Records.NODE.encode(new NodeRecord(
        context.settings.label(),
        offer.handlers,
        context.settings.weight(),
        context.timekeeper.now().toEpochMilli(),
        context.clock.isKnown() ? context.clock.now() : null,
        ZoneRulesProvider.getVersions("UTC").lastKey(),
        offer.draining));
  }

  private void register(SessionTree tree, boolean makeFolder) {
    if (leaving) {
      drop(tree);
      return;
    }
    if (telling) {
      return;
    }
    String name = context.nodeName;
    Offer made = offer;
    telling = true;
    context.commit(List.of(new WriteOp.Make(path(), record(), true)), answer -> {
      if (context.isCurrent(tree) && name.equals(context.nodeName)) {
        telling = false;
        onMade(tree, made, answer, makeFolder);
      }
    });
  }

  /**
   * Handles the response to the creation of this node's znode. A znode that already exists was created by a request
   * whose response was lost, so its content is not known.
   */
  private void onMade(
      SessionTree tree, Offer made, Answer<List<Stamp>> answer, boolean makeFolder) {
    if (leaving) {
      drop(tree);
    } else if (answer.isOk() || answer.code() == Code.NODEEXISTS) {
      there = true;
      told = answer.isOk() ? made : null;
      tell(tree);
      write(tree);
      refresh(tree);
    } else if (answer.code() == Code.NONODE && makeFolder) {
      tree.ensure(List.of(context.paths.nodes()), done -> {
        if (context.isCurrent(tree)) {
          register(tree, false);
        }
      });
    } else if (answer.isAnswered()) {
      log.warn("{}: cannot be made ({}), this node runs nothing", path(), answer.code());
      context.later(PROBE_MILLIS, () -> {
        if (context.isCurrent(tree) && !there) {
          register(tree, true);
        }
      });
    }
  }

  private void probeLater(SessionTree tree, long probe) {
    context.later(PROBE_MILLIS, () -> {
      if (context.isCurrent(tree) && probe == probes && tree.isConnected()) {
        write(tree);
        probeLater(tree, probe);
      }
    });
  }

  private void write(SessionTree tree) {
    if (leaving) {
      return;
    }
    context.commit(List.of(new WriteOp.Put(path(), record(), -1)), set -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      if (set.isOk() && there) {
        tell(tree);
      } else if (set.code() == Code.NONODE) {
        toAbsent();
        register(tree, true);
      }
    });
  }

  private void refresh(SessionTree tree) {
    tree.list(context.paths.nodes(), listed -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      if (listed.isOk()) {
        readAll(tree, listed.get());
      } else if (listed.isAnswered()) {
        refreshLater(tree);
      }
    });
  }

  private void refreshLater(SessionTree tree) {
    context.later(RETRY_MILLIS, () -> {
      if (context.isCurrent(tree)) {
        refresh(tree);
      }
    });
  }

  private void readAll(SessionTree tree, List<String> found) {
    if (found.isEmpty()) {
      return;
    }
    List<ZkPath> paths = found.stream().map(context.paths.nodes()::own).toList();
    tree.read(paths, read -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      if (read.isOk()) {
        adopt(found, read.get());
      } else if (read.isAnswered()) {
        refreshLater(tree);
      }
    });
  }

  private void adopt(List<String> found, List<Found> read) {
    Map<String, NodeRecord> nodes = new TreeMap<>();
    for (int i = 0; i < found.size(); i++) {
      NodeRecord node = read.get(i).exists() ? decode(found.get(i), read.get(i).data()) : null;
      if (node != null) {
        nodes.put(found.get(i), node);
      }
    }
    Ranking old = context.ranking;
    Ranking next = new Ranking(nodes);
    boolean left = !nodes.keySet().containsAll(old.nodes().keySet());
    boolean same = nodes.keySet().stream().allMatch(name -> next.offersTheSame(name, old));
    context.toRanking(next);
    if (!same || left) {
      events.accept(new MembersChanged(left));
    }
  }

  private static @Nullable NodeRecord decode(String name, byte[] data) {
    try {
      return Records.read(Records.NODE, data, name);
    } catch (io.zookit.core.ZkException e) {
      log.warn("a node is left out of the ranking: {}", e.getMessage());
      return null;
    }
  }

  /** The leader shows another time: the wall clocks of all nodes decide. */
  private void onStep(long stamp) {
    SessionTree tree = context.tree;
    if (voting || tree == null) {
      return;
    }
    voting = true;
    long asked = context.timekeeper.nanos();
    tree.list(context.paths.nodes(), listed -> {
      if (!listed.isOk()) {
        voting = false;
        return;
      }
      List<ZkPath> paths = listed.get().stream().map(context.paths.nodes()::own).toList();
      tree.read(paths, read -> {
        voting = false;
        if (read.isOk() && context.isCurrent(tree)) {
          decide(
              stamp + (context.timekeeper.nanos() - asked) / 1_000_000, listed.get(), read.get());
        }
      });
    });
  }

  private void decide(long stamp, List<String> found, List<Found> read) {
    List<Long> walls = new ArrayList<>();
    List<Long> shared = new ArrayList<>();
    walls.add(context.timekeeper.now().toEpochMilli());
    for (int i = 0; i < found.size(); i++) {
      NodeRecord node = read.get(i).exists() ? decode(found.get(i), read.get(i).data()) : null;
      if (node != null && !found.get(i).equals(context.nodeName)) {
        walls.add(node.wallClock());
        Long theirs = node.clusterClock();
        if (theirs != null) {
          shared.add(theirs);
        }
      }
    }
    boolean doubted = context.clock.isDoubted();
    if (context.clock.vote(stamp, walls, shared)) {
      events.accept(new MembersChanged(false));
    }
    if (!doubted && context.clock.isDoubted()) {
      context.settings.observers().publish(SchedulerObserver::onClockDoubted);
      context.settings.meters().count("zookit.scheduler.clock-doubted", 1);
    }
  }
}
