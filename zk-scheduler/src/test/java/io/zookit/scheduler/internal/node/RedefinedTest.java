package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Definitions that change while a run is on. In virtual time. */
class RedefinedTest {

  private final SimWorld world = new SimWorld(7);

  @ParameterizedTest
  @CsvSource({"FORBID,ALLOW", "ALLOW,FORBID", "QUEUE_ONE,ALLOW", "ALLOW,REPLACE"})
  void overlap_changedDuringARun_theRunGoesOn(Overlap before, Overlap after) {
    Job job = Job.named("a").onDeath(OnDeath.rerun(3));
    startRun(job.overlap(before));
    world.redefine(job.overlap(after));
    world.time.run(Duration.ofSeconds(20));
    endsOnce();
  }

  @Test
  void overlap_changedDuringARunThatIsNotRepeated_isNotOrphaned() {
    startRun(Job.named("a"));
    world.redefine(Job.named("a").overlap(Overlap.ALLOW));
    world.time.run(Duration.ofSeconds(20));
    endsOnce();
  }

  /** The run node of a node that dies after the change is found where it was claimed. */
  @Test
  void overlap_changedAndTheOwnerDies_theRunIsRepeated() {
    Job job = Job.named("a").onDeath(OnDeath.rerun(3));
    startRun(job);
    world.redefine(job.overlap(Overlap.ALLOW));
    world.time.run(Duration.ofSeconds(1));
    world.nodes.stream().filter(node -> !node.running.isEmpty()).forEach(SimWorld.SimNode::kill);
    world.time.run(Duration.ofSeconds(40));
    assertThat(world.executions).hasSize(2);
    assertThat(state().recent())
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.RAN));
    assertThat(world.exists(world.paths.run("a"))).isFalse();
  }

  private void startRun(Job job) {
    world.failing = 0;
    world.shortestRun = 8_000;
    world.define(job);
    world.node(Map.of("a", 1));
    world.node(Map.of("a", 1));
    world.time.run(Duration.ofSeconds(7));
    world.trigger("a", "t");
    while (world.executions.isEmpty()) {
      world.time.run(Duration.ofMillis(1));
    }
  }

  private void endsOnce() {
    assertThat(state().recent())
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.RAN));
    assertThat(world.executions).hasSize(1);
    assertThat(world.exists(world.paths.run("a"))).isFalse();
    assertThat(world.children(world.paths.exec("a"))).isEmpty();
    assertThat(world.violations).isEmpty();
  }

  private StateRecord state() {
    return world.state("a");
  }
}
