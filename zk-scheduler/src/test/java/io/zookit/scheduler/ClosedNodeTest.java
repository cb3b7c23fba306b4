package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node does after it was closed. In virtual time. */
class ClosedNodeTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final SimWorld world = new SimWorld(7);
  private final SimWorld.SimNode only = world.node(Map.of("a", 1));

  /** Its first request to be a member is gathered, on its way, answered: it leaves behind none of them. */
  @Test
  void close_atAnyMomentOfTheStart_leavesNoMember() {
    for (int millis = 0; millis < 60; millis++) {
      SimWorld.SimNode node = world.node(Map.of("a", 1));
      world.time.run(Duration.ofMillis(millis));
      node.node.drain();
      node.node.close();
    }
    only.node.close();
    world.time.run(LONG);
    assertThat(world.store.children(world.paths.nodes())).isEmpty();
  }

  @Test
  void connected_afterClose_isNoMemberAgain() {
    world.time.run(LONG);
    only.node.close();
    only.connect();
    world.time.run(LONG);
    assertThat(world.store.children(world.paths.nodes())).isEmpty();
  }

  @Test
  void reconnected_afterACloseWhileCutOff_leaves() {
    world.time.run(LONG);
    only.cut(1_000);
    only.node.close();
    world.time.run(LONG);
    assertThat(world.store.children(world.paths.nodes())).isEmpty();
  }
}
