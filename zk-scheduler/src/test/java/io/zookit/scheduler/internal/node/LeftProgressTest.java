package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** Tests the handling of the progress that a run has stored when its owner does not end it, in virtual time. */
class LeftProgressTest {

  private static final byte[] PROGRESS = {4, 2};
  private static final Duration LONGEST = Duration.ofSeconds(200);
  private static final Schedule RARELY = Schedule.every(Duration.ofSeconds(150));

  private final SimWorld world = new SimWorld(5);
  private final SimOwners owners = new SimOwners(world);
  private final SimCuts cuts = new SimCuts(world);

  private void start(Job job) {
    world.failing = 0;
    world.longestRun = 1L << 40;
    world.define(job);
    world.node(Map.of("a", 1));
    world.node(Map.of("a", 1));
  }

  private void store(ZkPath checkpoint) {
    assertThat(world.commit(List.of(new WriteOp.Make(checkpoint, PROGRESS, false))))
        .isEqualTo(Code.OK);
  }

  private List<String> left() {
    return world.children(world.paths.exec("a"));
  }

  private StateRecord state() {
    return world.state("a");
  }

  @Test
  void ownerKilledAfterACheckpoint_verdictTakesItAway() {
    start(Job.named("a").on(RARELY));
    SimWorld.SimNode owner = owners.await(LONGEST);
    store(world.paths.checkpoint("a", owner.running.get(0).claim()));
    owner.kill();
    world.time.run(Duration.ofSeconds(30));
    assertThat(state().recent())
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.ORPHANED));
    assertThat(left()).isEmpty();
  }

  @Test
  void ownerEvictedAfterACheckpoint_evictionTakesItAway() {
    start(Job.named("a")
        .on(Schedule.every(Duration.ofSeconds(4)))
        .overlap(Overlap.REPLACE)
        .evictAfter(Duration.ofSeconds(3)));
    SimWorld.SimNode owner = owners.await(LONGEST);
    store(world.paths.checkpoint("a", owner.running.get(0).claim()));
    owner.process.hang();
    world.time.run(Duration.ofSeconds(30));
    assertThat(state().recent())
        .first()
        .satisfies(end -> assertThat(end.isEviction()).isTrue());
    assertThat(left()).isEmpty();
  }

  @Test
  void ownersOfAShardAndOfTheRunAfterAllKilled_verdictsTakeAllAway() {
    start(Job.named("a").on(RARELY).sharded(2));
    SimWorld.SimNode owner = owners.await(LONGEST);
    LiveRun shard = owner.running.get(0);
    store(world.paths.checkpoint("a", shard.claim(), shard.assignedShard().index()));
    world.longestRun = 1_000;
    owner.kill();
    List.copyOf(world.nodes).stream().filter(node -> node != owner).forEach(this::restart);
    SimWorld.SimNode last = owners.await(LONGEST, run -> run.assignedShard().completion());
    last.kill();
    world.node(Map.of("a", 1));
    world.time.run(Duration.ofSeconds(40));
    assertThat(state().recent())
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.ORPHANED));
    assertThat(left()).isEmpty();
  }

  /** Replaces a node whose runs would never end. */
  private void restart(SimWorld.SimNode node) {
    node.kill();
    world.node(Map.of("a", 1));
  }

  @Test
  void rerunWhoseReadOfTheCheckpointIsNotAnswered_startsWithItAllTheSame() {
    start(Job.named("a").on(RARELY).onDeath(OnDeath.rerun(3)));
    SimWorld.SimNode owner = owners.await(LONGEST);
    ZkPath checkpoint = world.paths.checkpoint("a", owner.running.get(0).claim());
    store(checkpoint);
    owner.kill();
    AtomicInteger reads = cuts.atFirstReads(checkpoint, 2, 500);
    SimWorld.SimNode next = owners.await(LONGEST);
    assertThat(reads.get()).isGreaterThan(2);
    assertThat(next.running.get(0).lastCheckpoint()).contains(PROGRESS);
  }

  @Test
  void rerunWhoseSessionIsLostBeforeItsCheckpointIsRead_isLeftToTheNextOne() {
    start(Job.named("a").on(RARELY).onDeath(OnDeath.rerun(3)));
    SimWorld.SimNode owner = owners.await(LONGEST);
    ZkPath checkpoint = world.paths.checkpoint("a", owner.running.get(0).claim());
    store(checkpoint);
    owner.kill();
    cuts.atFirstReads(checkpoint, 1, 15_000);
    SimWorld.SimNode next = owners.await(LONGEST);
    assertThat(next.running.get(0).attempt()).isEqualTo(3);
    assertThat(next.running.get(0).lastCheckpoint()).contains(PROGRESS);
  }
}
