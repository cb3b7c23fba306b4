package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.internal.lane.Observers;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.scheduler.internal.records.Records.NodeRecord;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.NodeSettings;
import io.zookit.scheduler.internal.zk.Batcher;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.VirtualProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests the nodes' knowledge of each other, in virtual time. They watch the list of nodes, so changes of a node's own
 * data are not reported.
 */
class ClusterMembershipTest {

  private static final Map<String, Integer> A = Map.of("a", 1);
  private static final long FOR_EVER = Duration.ofDays(1).toNanos();
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SimWorld world = new SimWorld(5);
  private final Member one = new Member("one");
  private final Member two = new Member("two");

  @BeforeEach
  void connectTheFirst() {
    one.connect(Map.of());
    world.time.run(LONG);
  }

  @Test
  void publish_beforeTheFirstCreateIsAnswered_isHeardByTheOthers() {
    two.connect(Map.of());
    two.members.publish(A, false);
    two.awaitNode();
    two.process.freeze(FOR_EVER); // the others read the node before anything else is written
    world.time.run(Duration.ofSeconds(3));
    assertThat(one.knows("two").handlers()).isEmpty();

    two.process.thaw();
    world.time.run(LONG);

    assertThat(one.knows("two").handlers()).isEqualTo(A);
  }

  @Test
  void publish_createdByARequestWhoseAnswerIsLost_isHeardByTheOthers() {
    two.connect(Map.of());
    two.awaitNode();
    two.cut();
    two.members.publish(A, false);
    world.time.run(LONG);
    assertThat(one.knows("two").handlers()).isEqualTo(A);
  }

  @Test
  void publish_connectionBreaksBeforeItIsSent_isHeardByTheOthers() {
    two.connect(Map.of());
    world.time.run(LONG);
    two.members.publish(A, false);
    two.cut();
    world.time.run(LONG);
    assertThat(one.knows("two").handlers()).isEqualTo(A);
  }

  @Test
  void publish_oneWordAfterAnother_endsWithTheLast() {
    two.connect(Map.of());
    world.longestDelay(300);
    for (int i = 0; i < 20; i++) {
      two.members.publish(Map.of("a", i), i % 3 == 0);
      world.time.run(Duration.ofMillis(world.pick(0, 200)));
    }
    two.members.publish(A, true);
    world.time.run(LONG);
    assertThat(one.knows("two").handlers()).isEqualTo(A);
    assertThat(one.knows("two").draining()).isTrue();
  }

  @Test
  void publish_whatIsKnownAlready_writesNothing() {
    two.connect(A);
    world.time.run(LONG);
    long made = two.madeAt();
    two.members.publish(A, false);
    world.time.run(LONG);
    assertThat(two.madeAt()).isEqualTo(made);
    two.members.publish(A, true);
    world.time.run(LONG);
    assertThat(two.madeAt()).isGreaterThan(made);
  }

  @Test
  void node_removedByHand_isThereAgain() {
    two.connect(A);
    world.time.run(LONG);
    assertThat(world.commit(List.of(new SessionTree.WriteOp.Drop(two.path(), -1))))
        .isEqualTo(Code.OK);
    world.time.run(LONG);
    assertThat(one.knows("two").handlers()).isEqualTo(A);
  }

  /** A process of which there are only its members. */
  private final class Member {

    final VirtualProcess process = new VirtualProcess(world.time);
    final SimulatedCurator curator =
        new SimulatedCurator(process, world.ensemble, SimWorld.SESSION.toNanos());
    final SimulatedClient client;
    final String label;
    final NodeContext context;
    final ClusterMembership members;

    Member(String label) {
      this.label = label;
      this.client = world.client(label, curator);
      SerialLane lane = SerialLane.inline(Runnable::run, label);
      NodeSettings settings = new NodeSettings(
          label,
          1,
          1,
          Duration.ofSeconds(1),
          zxid -> new FencingToken(1, zxid, 0),
          Meters.none(),
          new Observers<>(lane),
          new Observers<>(lane));
      this.context = new NodeContext(client::run, process, world.paths, settings);
      this.members = new ClusterMembership(context, () -> label, left -> {});
    }

    /** Connects; nothing has been answered yet. */
    void connect(Map<String, Integer> handlers) {
      client.onSessions(new SessionListener() {
        @Override
        public void onConnected(SessionHandle handle) {
          SessionTree tree = new ZkSessionTree(client, handle);
          boolean reconnected = tree.equals(context.tree);
          context.tree = tree;
          context.batcher = new Batcher(tree, context::gathered);
          if (reconnected) {
            members.onReconnected(tree);
          } else {
            members.onSession(tree, handlers, false);
          }
        }

        @Override
        public void onSuspect(SessionHandle handle) {}

        @Override
        public void onLost(SessionHandle handle) {
          throw new AssertionError("the session of " + label + " is over");
        }
      });
      curator.connect();
      stepUntil(() -> context.tree != null);
    }

    /** Breaks the connection for two seconds, less than the session lasts. */
    void cut() {
      curator.isolate();
      world.time.after(Duration.ofSeconds(2), curator::rejoin);
    }

    private void stepUntil(BooleanSupplier condition) {
      for (int i = 0; i < 100_000 && !condition.getAsBoolean(); i++) {
        world.time.step();
      }
      assertThat(condition.getAsBoolean()).isTrue();
    }

    void awaitNode() {
      stepUntil(() -> world.exists(path()));
    }

    long madeAt() {
      return world.find(path()).zxid();
    }

    ZkPath path() {
      return world.paths.nodes().own(label);
    }

    NodeRecord knows(String other) {
      return Objects.requireNonNull(context.ranking.nodes().get(other), other);
    }
  }
}
