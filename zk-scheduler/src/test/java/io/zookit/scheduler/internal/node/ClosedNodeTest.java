package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.internal.sim.SimulatedServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the behavior of a node after it was closed. In virtual time. */
class ClosedNodeTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final SimWorld world = new SimWorld(7);
  private final SimWorld.SimNode only = world.node(Map.of("a", 1));

  /** Its first request to be a member is gathered, on its way, answered: it leaves behind none of them. */
  @Test
  void close_atAnyMomentOfTheStart_leavesNoMember() {
    for (int millis = 0; millis < 120; millis += 2) {
      SimWorld.SimNode node = world.node(Map.of("a", 1));
      world.time.run(Duration.ofMillis(millis));
      node.node.drain();
      node.node.close();
    }
    only.node.close();
    world.time.run(LONG);
    assertThat(world.children(world.paths.nodes())).isEmpty();
  }

  /** Its connection says nothing any more, and has not been found broken yet. */
  @Test
  void drain_claimOnASilentConnection_isWaitedForForAMomentOnly() {
    runOften();
    only.client.connection().orElseThrow().silence(true);
    world.time.run(Duration.ofMillis(1_500));
    only.node.drain();
    world.time.run(Duration.ofMillis(500));
    assertThat(only.node.isIdle()).isFalse();
    world.time.run(Duration.ofMillis(1_600));
    assertThat(only.node.isIdle()).isTrue();
    assertThat(only.client.connection()).as("not found broken yet").isPresent();
  }

  /** The outcome of the claim is learned later, and its end is recorded. */
  @Test
  void close_claimAnsweredAfterIt_isEndedByThisNode() {
    runOften();
    int claims = world.executions.size();
    SimulatedServer server = only.client.connection().orElseThrow().server();
    server.lag();
    for (int i = 0; i < 50 && state().open().isEmpty(); i++) {
      world.time.run(Duration.ofMillis(100));
    }
    String claim = state().open().get(0).id();
    assertThat(world.executions).hasSize(claims);
    only.node.drain();
    world.time.run(Duration.ofMillis(2_100));
    assertThat(only.node.isIdle()).isTrue();
    only.node.close();
    server.rejoin();
    world.time.run(Duration.ofMinutes(1));
    assertThat(state().ended(claim))
        .hasValueSatisfying(
            end -> assertThat(end.outcome()).isIn(SlotOutcome.FAILED, SlotOutcome.RAN));
    assertThat(world.children(world.paths.nodes())).isEmpty();
  }

  /** A job each second; until no run is on. */
  private void runOften() {
    world.failing = 0;
    world.longestRun = 50;
    world.define(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))));
    world.time.run(LONG.plusMillis(500));
  }

  private StateRecord state() {
    return world.state("a");
  }

  @Test
  void connected_afterClose_isNoMemberAgain() {
    world.time.run(LONG);
    only.node.close();
    only.curator.session().ifPresent(only.curator::expire);
    world.time.run(LONG);
    assertThat(world.children(world.paths.nodes())).isEmpty();
  }

  @Test
  void reconnected_afterACloseWhileCutOff_leaves() {
    world.time.run(LONG);
    only.cut(1_000);
    only.node.close();
    world.time.run(LONG);
    assertThat(world.children(world.paths.nodes())).isEmpty();
  }
}
