package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.scheduler.Records.NodeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes know of each other, in virtual time. They watch the list of nodes, so nobody hears of a node's own data. */
class MembersTest {

  private static final Map<String, Integer> A = Map.of("a", 1);
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
    two.machine.frozen = true; // the others read the node before anything else is written
    world.time.run(Duration.ofSeconds(3));
    assertThat(one.knows("two").handlers()).isEmpty();

    two.machine.thaw();
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
    world.longestDelay = 300;
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
    world.store.commit(List.of(new Tree.Change.Drop(two.path(), -1)), 0);
    world.time.run(LONG);
    assertThat(one.knows("two").handlers()).isEqualTo(A);
  }

  /** A process of which there are only its members. */
  private final class Member {

    final SimTime.Machine machine = world.time.new Machine();
    final String label;
    final NodeContext context;
    final Members members;
    final List<SimSession> sessions = new ArrayList<>();

    Member(String label) {
      this.label = label;
      NodeSettings settings = new NodeSettings(
          label,
          1,
          1,
          Duration.ofSeconds(1),
          zxid -> new FencingToken(1, zxid, 0),
          Meters.none(),
          new SchedulerObserver() {},
          HistorySink.none(),
          Runnable::run);
      this.context = new NodeContext(machine::execute, machine, world.paths, settings);
      this.members = new Members(context, () -> label, left -> {});
    }

    void connect(Map<String, Integer> handlers) {
      SimSession session = new SimSession(world, machine, label.hashCode());
      sessions.add(session);
      use(session);
      members.onSession(session, handlers, false);
    }

    private void use(SimSession session) {
      context.tree = session;
      context.batcher = new Batcher(session, context::gathered);
    }

    /** Breaks the connection for two seconds, less than the session lasts. */
    void cut() {
      sessions.get(0).cut(2_000, back -> {
        use(back);
        members.onReconnected(back);
      });
    }

    void awaitNode() {
      for (int i = 0; i < 1_000 && !world.store.exists(path()); i++) {
        world.time.run(Duration.ofMillis(1));
      }
      assertThat(world.store.exists(path())).isTrue();
    }

    long madeAt() {
      return world.store.find(path(), 0).zxid();
    }

    ZkPath path() {
      return world.paths.nodes().own(label);
    }

    NodeRecord knows(String other) {
      return Objects.requireNonNull(context.ranking.nodes().get(other), other);
    }
  }
}
