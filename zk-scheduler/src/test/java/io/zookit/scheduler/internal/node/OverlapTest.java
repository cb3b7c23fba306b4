package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SkipReason;
import io.zookit.scheduler.internal.records.OutcomeLog;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests slots that are due during a run, in virtual time: every 4 s, and runs take up to 20 s. */
class OverlapTest {

  private static final Duration PERIOD = Duration.ofSeconds(4);

  private final SimWorld world = new SimWorld(9);

  private List<EndRecord> run(Overlap overlap) {
    world.failing = 0;
    world.longestRun = 20_000;
    world.define(Job.named("a")
        .on(Schedule.every(PERIOD))
        .overlap(overlap)
        .evictAfter(Duration.ofSeconds(3)));
    world.node(Map.of("a", 1));
    world.node(Map.of("a", 1));
    world.time.run(Duration.ofMinutes(4));
    world.verifyAll();
    assertThat(world.violations).isEmpty();
    return state().recent();
  }

  private StateRecord state() {
    return world.state("a");
  }

  /** Returns the reasons why slots were skipped. */
  private List<SkipReason> reasons() {
    return state().outcomeLog().spans().stream()
        .map(OutcomeLog.Span::reason)
        .filter(Objects::nonNull)
        .toList();
  }

  @Test
  void replace_runsThatListenAndOnesThatDoNot_makeWayForTheNewest() {
    List<EndRecord> ends = run(Overlap.REPLACE);
    assertThat(world.executions).hasSizeGreaterThan(30);
    assertThat(ends).extracting(EndRecord::error).contains("cancelled", "evicted");
  }

  @Test
  void forbid_slotsDuringARun_areSkipped() {
    run(Overlap.FORBID);
    assertThat(world.executions).hasSizeBetween(10, 40);
    assertThat(reasons()).contains(SkipReason.OVERLAP);
  }

  @Test
  void allow_slotsDuringARun_areRunBesideIt() {
    run(Overlap.ALLOW);
    assertThat(world.executions).hasSizeGreaterThan(55);
    assertThat(reasons()).isEmpty();
  }
}
