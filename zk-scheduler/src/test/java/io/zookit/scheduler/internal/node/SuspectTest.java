package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.run.LiveRun;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs while the connection is away. In virtual time. */
class SuspectTest {

  private final SimWorld world = new SimWorld(7);

  /** The second cut is short and falls on the moment at which the first, had it lasted, would have ended the session. */
  @Test
  void twoCuts_theSecondWhereTheFirstWouldHaveEndedTheSession_runGoesOn() {
    SimWorld.SimNode node = startRun();
    node.cut(2_000);
    world.time.run(SimWorld.SESSION.minusMillis(700));
    assertThat(node.running).hasSize(1);
    node.cut(1_000);
    world.time.run(Duration.ofSeconds(30));
    assertThat(ends()).isEqualTo("RAN null");
  }

  @Test
  void cutThatOutlastsTheSession_afterAShortOne_runIsCancelled() {
    SimWorld.SimNode node = startRun();
    LiveRun run = node.running.get(0);
    node.cut(2_000);
    world.time.run(SimWorld.SESSION.minusMillis(700));
    node.cut(60_000);
    world.time.run(SimWorld.SESSION.plusMillis(100));
    assertThat(run.isWanted()).isFalse();
  }

  private SimWorld.SimNode startRun() {
    world.failing = 0;
    world.shortestRun = 20_000;
    world.define(Job.named("a"));
    SimWorld.SimNode node = world.node(Map.of("a", 1));
    world.time.run(Duration.ofSeconds(7));
    world.trigger("a", "t");
    while (node.running.isEmpty()) {
      world.time.run(Duration.ofMillis(1));
    }
    return node;
  }

  private String ends() {
    StateRecord state = world.state("a");
    assertThat(state.recent()).hasSize(1);
    return state.recent().get(0).outcome() + " " + state.recent().get(0).error();
  }
}
