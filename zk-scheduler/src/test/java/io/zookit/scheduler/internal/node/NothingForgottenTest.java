package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that waiting work is found and ends are written, whatever else is in the way, in virtual time. */
class NothingForgottenTest {

  private static final Map<String, Integer> A = Map.of("a", 1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SimWorld world = new SimWorld(7);
  private final SimOwners owners = new SimOwners(world);
  private final SimCuts cuts = new SimCuts(world);

  private void start(Job job, int nodes) {
    world.failing = 0;
    world.define(job);
    for (int i = 0; i < nodes; i++) {
      world.node(A);
    }
  }

  private StateRecord state() {
    return world.state("a");
  }

  private void clean() {
    world.verifyAll();
    assertThat(world.violations).isEmpty();
  }

  /** Regression: a trigger whose parameters do not fit into the ledger's records stopped the schedule too. */
  @Test
  void triggerTooLargeForTheLedger_isLeftAloneAndAllElseGoesOn() {
    start(Job.named("a").on(Schedule.every(SECOND)), 2);
    world.longestRun = 100;
    world.time.run(Duration.ofSeconds(3));
    world.trigger("a", "large", Map.of("text", "x".repeat(30 * 1024)));
    world.time.run(Duration.ofSeconds(3));
    world.trigger("a", "small", Map.of("text", "y"));
    world.time.run(Duration.ofSeconds(20));
    assertThat(world.millis() - state().watermark()).isLessThan(5_000);
    assertThat(world.executions)
        .filteredOn(run -> run.claim().manual() != null)
        .singleElement()
        .satisfies(run -> assertThat(run.claim().manual()).isEqualTo("small"));
    clean();
  }

  /** Runs that may overlap, each with parameters: one more than can be kept waits for the end of another. */
  @Test
  void triggersWithParametersThatDoNotFitTogether_areRunOneAfterTheOther() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(5))).overlap(Overlap.ALLOW), 3);
    world.longestRun = 20_000;
    world.time.run(Duration.ofSeconds(3));
    for (int i = 0; i < 16; i++) {
      world.trigger("a", "t" + i, Map.of("text", "x".repeat(2_500)));
    }
    world.time.run(Duration.ofMinutes(4));
    assertThat(world.executions).filteredOn(run -> run.claim().manual() != null).hasSize(16);
    assertThat(world.millis() - state().watermark()).isLessThan(10_000);
    clean();
  }

  /** A node that starts to help looks at what waits already, also where another one is before it. */
  @Test
  void nodeThatBecomesCapableBehindAFullOne_runsWhatIsOverdue() {
    world.failing = 0;
    world.capacity = 1;
    List<String> jobs = List.of("a", "b", "c", "d", "e", "f");
    world.define(Job.named("hung"));
    jobs.forEach(job -> world.define(Job.named(job)));
    Map<String, Integer> handlers = new HashMap<>(Map.of("hung", 1));
    jobs.forEach(job -> handlers.put(job, 1));
    world.node(handlers);
    world.time.run(Duration.ofSeconds(3));
    world.longestRun = 1L << 40;
    world.trigger("hung", "t");
    world.time.run(Duration.ofSeconds(3));
    world.longestRun = 50;
    jobs.forEach(job -> world.trigger(job, "t"));
    SimWorld.SimNode second = world.node(Map.of());
    world.time.run(Duration.ofSeconds(10));
    second.process.hear(() -> jobs.forEach(job -> second.node.handle(job, 1, run -> {})));
    world.time.run(Duration.ofSeconds(10));
    assertThat(world.executions).extracting(SimWorld.Execution::job).containsAll(jobs);
    clean();
  }

  /** Asserts that each end was reported once, and that no run is recorded as overlapping another. */
  private void allEndsAreTold() {
    assertThat(state().recent()).isNotEmpty().noneMatch(end -> end.overlap() != null);
    assertThat(world.history)
        .extracting(RunRecord::id)
        .containsExactlyElementsOf(
            state().recent().stream().map(StateRecord.EndRecord::id).toList());
  }

  @Test
  void broadcastWhoseLastAnswerIsLost_isToldAsEndedAndNotAsOverlapping() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(10))).broadcast(), 3);
    cuts.afterDrops(path -> path.parent().equals(world.paths.exec("a")), 900);
    world.time.run(Duration.ofSeconds(95));
    assertThat(state().recent()).hasSize(9).allMatch(end -> end.outcome() == SlotOutcome.RAN);
    assertThat(world.refused).isZero();
    allEndsAreTold();
    clean();
  }

  @Test
  void shardsWhoseAnswersAreLost_areNotTakenForRefused() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(10))).sharded(4), 2);
    cuts.afterDrops(path -> path.name().startsWith("run-"), 900);
    world.time.run(Duration.ofSeconds(95));
    assertThat(state().recent()).hasSize(9).allMatch(end -> end.outcome() == SlotOutcome.RAN);
    assertThat(world.refused).isZero();
    allEndsAreTold();
    clean();
  }

  @Test
  void verdictWhoseAnswerIsLost_isTold() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(60))), 2);
    world.longestRun = 4_000;
    SimWorld.SimNode owner = owners.await(Duration.ofSeconds(100));
    owner.kill();
    cuts.afterDrops(world.paths.run("a")::equals, 900);
    world.time.run(Duration.ofSeconds(25));
    assertThat(state().recent())
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.ORPHANED));
    allEndsAreTold();
    clean();
  }
}
