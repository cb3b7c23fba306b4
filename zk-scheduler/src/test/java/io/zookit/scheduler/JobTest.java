package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.scheduler.Records.ControlRecord;
import io.zookit.scheduler.Records.DefRecord;
import io.zookit.scheduler.Records.EraRecord;
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
        .mapToObj(i -> jittered("job-" + i).record().jitter())
        .toList();
    assertThat(jitters).allMatch(jitter -> jitter >= 0 && jitter < 10_000);
    assertThat(jitters.stream().distinct()).hasSizeGreaterThan(180);
    assertThat(jittered("job-7").record().jitter()).isEqualTo(jitters.get(7));
    assertThatThrownBy(() -> Job.named("a").jitter(Duration.ZERO)).hasMessageContaining("jitter: ");
  }

  /** It moves when a slot is run, not which slot it is. */
  @Test
  void jitter_slot_isDueLaterAndStaysTheSame() {
    Job job = jittered("job-7");
    long jitter = job.record().jitter();
    assertThat(jitter).isPositive();
    DefRecord def =
        new DefRecord(job.record(), List.of(new EraRecord(0, job.record().schedule())), false);
    Planner planner = new Planner(job.record(), new Timeline(def), ControlRecord.NONE);
    StateRecord state = StateRecord.startingAt(0);
    assertThat(planner.plan(state, 60_000 + jitter - 1, true, 0).changesNothing())
        .isTrue();
    assertThat(planner.plan(state, 60_000 + jitter, true, 0).start())
        .isNotNull()
        .satisfies(slot -> assertThat(Planner.millis(slot)).isEqualTo(60_000));
  }
}
