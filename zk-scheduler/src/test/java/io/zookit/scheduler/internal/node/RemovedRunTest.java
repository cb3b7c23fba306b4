package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.zk.SessionTree;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** Tests a run whose node is removed while its code is running. In virtual time. */
class RemovedRunTest {

  private final SimWorld world = new SimWorld(11);

  @Test
  void runNodeRemoved_runIsNotValidAndTheOverlapIsRecorded() {
    SimWorld.SimNode node = startRun();
    world.node(Map.of("a", 1));
    LiveRun run = node.running.get(0);
    assertThat(run.isValid()).isTrue();
    remove(run);
    world.time.run(Duration.ofMillis(2_500));
    assertThat(run.isValid()).isFalse();
    assertThat(run.phase()).isEqualTo(LiveRun.Phase.LOST);
    world.time.run(Duration.ofMinutes(2));
    assertThat(ends()).anySatisfy(end -> {
      assertThat(end.outcome()).isEqualTo(SlotOutcome.ORPHANED);
      assertThat(end.overlap()).isTrue();
    });
  }

  @Test
  void runNodeRemovedAndNoOtherNode_slotGetsItsFateAllTheSame() {
    SimWorld.SimNode node = startRun();
    remove(node.running.get(0));
    world.time.run(Duration.ofMinutes(2));
    assertThat(node.running).isEmpty();
    assertThat(ends()).extracting(EndRecord::outcome).contains(SlotOutcome.ORPHANED);
  }

  @Test
  void runThatLastsUndisturbed_endsAsRan() {
    startRun();
    world.time.run(Duration.ofMinutes(1));
    assertThat(ends()).extracting(EndRecord::outcome).containsExactly(SlotOutcome.RAN);
  }

  private void remove(LiveRun run) {
    assertThat(world.commit(List.of(new SessionTree.WriteOp.Drop(run.runPath(), -1))))
        .isEqualTo(Code.OK);
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

  private List<EndRecord> ends() {
    return world.state("a").recent();
  }
}
