package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobTest {

  private static Job jittered(String name) {
    return Job.named(name).on(Schedule.every(Duration.ofMinutes(1))).jitter(Duration.ofSeconds(10));
  }

  @Test
  void jitter_ofAName_isTheSameEverywhereAndSpreadsTheNames() {
    List<Long> jitters = IntStream.range(0, 200)
        .mapToObj(i -> JobRecord.of(jittered("job-" + i)).jitter())
        .toList();
    assertThat(jitters).allMatch(jitter -> jitter >= 0 && jitter < 10_000);
    assertThat(jitters.stream().distinct()).hasSizeGreaterThan(180);
    assertThat(JobRecord.of(jittered("job-7")).jitter()).isEqualTo(jitters.get(7));
    assertThatThrownBy(() -> Job.named("a").jitter(Duration.ZERO)).hasMessageContaining("jitter: ");
  }

  /** It moves when a slot is run, not which slot it is. */
  @Test
  void jitter_slot_isDueLaterAndStaysTheSame() {
    Job job = jittered("job-7");
    long jitter = JobRecord.of(job).jitter();
    assertThat(jitter).isPositive();
    DefRecord def = new DefRecord(
        JobRecord.of(job), List.of(new EraRecord(0, JobRecord.of(job).schedule())), false);
    Planner planner = new Planner(JobRecord.of(job), new ScheduleTimeline(def), ControlRecord.NONE);
    StateRecord state = StateRecord.startingAt(0);
    assertThat(planner.plan(state, 60_000 + jitter - 1, true, 0).changesNothing())
        .isTrue();
    assertThat(planner.plan(state, 60_000 + jitter, true, 0).start())
        .isNotNull()
        .satisfies(slot -> assertThat(Planner.millis(slot)).isEqualTo(60_000));
  }
}
