package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the external view of slots in shards, and the metrics, in virtual time. */
class ShardsAndMetersTest {

  private static final Map<String, Integer> A = Map.of("a", 1);

  private final SimWorld world = new SimWorld(3);

  private void start(Job job, int nodes) {
    world.failing = 0;
    world.define(job);
    for (int i = 0; i < nodes; i++) {
      world.node(A);
    }
  }

  private List<EndRecord> ends() {
    return world.state("a").recent();
  }

  private void clean() {
    world.verifyAll();
    assertThat(world.violations).isEmpty();
  }

  @Test
  void broadcast_nodeKilledInItsPart_saysWhoDidNotRunIt() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(30))).broadcast(), 3);
    world.longestRun = 4_000;
    SimWorld.SimNode victim = world.nodes.get(1);
    while (victim.running.isEmpty()) {
      world.time.run(Duration.ofMillis(20));
    }
    victim.kill();
    world.time.run(Duration.ofSeconds(25));
    assertThat(ends()).singleElement().satisfies(end -> {
      assertThat(end.outcome()).isEqualTo(SlotOutcome.ORPHANED);
      assertThat(end.error()).endsWith(" ORPHANED").doesNotContain(",");
    });
    assertThat(world.executions).hasSize(3);
    clean();
  }

  @Test
  void shards_runAfterThemIsClaimedOnceAndSweptWhenItsOwnerDies() {
    start(
        Job.named("a")
            .on(Schedule.every(Duration.ofSeconds(60)))
            .sharded(4)
            .onDeath(OnDeath.rerun(3)),
        3);
    world.longestRun = 3_000;
    while (world.executions.stream().noneMatch(SimWorld.Execution::completion)) {
      world.time.run(Duration.ofMillis(20));
    }
    world.nodes.stream()
        .filter(
            node -> node.running.stream().anyMatch(run -> run.assignedShard().completion()))
        .toList()
        .forEach(SimWorld.SimNode::kill);
    world.time.run(Duration.ofSeconds(40));
    assertThat(world.executions).filteredOn(SimWorld.Execution::completion).hasSize(2);
    assertThat(ends())
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.RAN));
    clean();
  }

  @Test
  void shards_preferredByANodeThatHangs_areStolen() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(60))).sharded(6), 3);
    world.longestRun = 50;
    world.time.run(Duration.ofSeconds(30));
    world.nodes.get(2).freeze(1L << 40);
    world.time.run(Duration.ofSeconds(45));
    assertThat(ends())
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.RAN));
    assertThat(world.executions).filteredOn(run -> !run.completion()).hasSize(6);
    clean();
  }

  @Test
  void shards_jobIsGivenFewerDuringASlot_slotStillEnds() {
    Job many = Job.named("a").on(Schedule.every(Duration.ofSeconds(60))).sharded(20);
    start(many, 3);
    world.longestRun = 4_000;
    while (world.executions.size() < 20) {
      world.time.run(Duration.ofMillis(20));
    }
    world.redefine(many.sharded(4));
    world.time.run(Duration.ofSeconds(20));
    assertThat(ends())
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.RAN));
    assertThat(world.executions).filteredOn(run -> !run.completion()).hasSize(20);
    clean();
  }

  @Test
  void shards_slotsComeDueWhileTheyRun_areNotLookedAtMoreAndMoreOften() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))).sharded(2), 1);
    world.longestRun = 1L << 40;
    world.time.run(Duration.ofSeconds(60));
    long reads = world.reads;
    world.time.run(Duration.ofSeconds(10));
    assertThat(world.reads - reads).isBetween(20L, 60L);
    clean();
  }

  @Test
  void gaugeOfRuns_slotInParts_isTheNumberOfThemAndThenNone() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(60))).sharded(4), 1);
    world.longestRun = 4_000;
    double most = 0;
    while (ends().isEmpty()) {
      world.time.run(Duration.ofMillis(20));
      most = Math.max(most, world.least("zookit.scheduler.running"));
    }
    world.time.run(Duration.ofSeconds(2));
    assertThat(most).isEqualTo(4);
    assertThat(world.least("zookit.scheduler.running")).isZero();
    clean();
  }

  @Test
  void meters_tellClaimsLatenessMissesOrphansOffsetAndTheAgeOfSuccess() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))).catchUp(CatchUp.skip()), 2);
    world.nodes.forEach(node -> node.shiftWallClock(-2_000));
    world.time.run(Duration.ofSeconds(10));
    world.nodes.get(0).freeze(60_000);
    world.nodes.get(1).freeze(60_000);
    world.time.run(Duration.ofSeconds(80));
    for (String name : List.of("claims", "ends", "lateness", "run")) {
      assertThat(world.counted("zookit.scheduler." + name)).as(name).isPositive();
    }
    assertThat(world.counted("zookit.scheduler.missed")).isGreaterThan(10);
    assertThat(world.least("zookit.scheduler.clock-offset")).isBetween(1.9, 2.1);
    assertThat(world.least("zookit.scheduler.seconds-since-success")).isLessThan(80);
    clean();
  }
}
