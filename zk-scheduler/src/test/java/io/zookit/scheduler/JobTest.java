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
import io.zookit.scheduler.time.DaysOff;
import io.zookit.scheduler.time.FoldPolicy;
import io.zookit.scheduler.time.GapPolicy;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
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

  @Test
  void differencesTo_everyComponent_namesEachOnce() {
    Job stored = Job.named("a").parameters(Map.of("region", "eu", "old", "1"));
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Job given = Job.named("b")
        .on(Schedule.cron("0 30 2 * * ?", berlin)
            .inGap(GapPolicy.SHIFT)
            .inFold(FoldPolicy.LAST)
            .except(DaysOff.weekends()))
        .after("c")
        .sharded(List.of("x", "y"))
        .handledBy("d")
        .needsVersion(3)
        .overlap(Overlap.REPLACE)
        .evictAfter(Duration.ofSeconds(1))
        .catchUp(CatchUp.runAll(Duration.ofMinutes(1), 9))
        .onDeath(OnDeath.rerun(4))
        .retry(Retry.attempts(2, Duration.ofSeconds(1), Duration.ofSeconds(8)))
        .maxRunTime(Duration.ofSeconds(2))
        .pauseAfter(5)
        .jitter(Duration.ofSeconds(3))
        .parameters(Map.of("region", "us", "new", "2"));

    assertThat(stored.differencesTo(given).stream().map(Job.Difference::toString))
        .containsExactly(
            "name: a → b",
            "schedule: none → 0 30 2 * * ? in Europe/Berlin, in a gap SHIFT, in a fold LAST, except SATURDAY SUNDAY",
            "after: none → c",
            "mode: EXCLUSIVE → SHARDED",
            "shards: 1 → 2",
            "shardParameters: none → [x, y]",
            "handler: a → d",
            "minVersion: 0 → 3",
            "overlap: FORBID → REPLACE",
            "evictAfter: none → PT1S",
            "catchUp: RUN_LAST within PT1H → RUN_ALL within PT1M, at most 9",
            "onDeath: FAIL → RERUN, at most 4 attempts",
            "retry: none → 2 attempts, delays from PT1S to PT8S",
            "maxRunTime: none → PT2S",
            "pauseAfter: none → 5",
            "jitter: none → PT3S",
            "parameters.new: none → 2",
            "parameters.old: 1 → none",
            "parameters.region: eu → us");
    assertThat(given.differencesTo(given)).isEmpty();
    assertThat(JobRecord.of(given).toJob()).isEqualTo(given);
  }

  @Test
  void differencesTo_schedulesOfEachKind_areToldApart() {
    Job every = Job.named("a").on(Schedule.every(Duration.ofMinutes(1)));
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(
            every.differencesTo(every.on(Schedule.every(Duration.ofMinutes(1)).from(start))))
        .hasToString("[schedule: every PT1M → every PT1M from 2026-01-01T00:00:00Z]");
    assertThat(every.differencesTo(every.on(Schedule.delay(Duration.ofMinutes(1)))))
        .hasToString("[schedule: every PT1M → PT1M after the end of the last run]");
    assertThat(every.differencesTo(every.on(Schedule.once(start))))
        .hasToString("[schedule: every PT1M → once at 2026-01-01T00:00#0@2026-01-01T00:00:00Z]");
  }

  @Test
  void job_wrongComponents_areRefusedByTheirNames() {
    Job job = Job.named("a");
    assertThatThrownBy(() -> job.sharded(0)).hasMessage("shards: 0 (expected: 1 to 256)");
    assertThatThrownBy(() -> job.sharded(257)).hasMessage("shards: 257 (expected: 1 to 256)");
    assertThatThrownBy(() -> job.needsVersion(-1)).hasMessage("version: -1 (expected: 0 or more)");
    assertThatThrownBy(() -> job.pauseAfter(0)).hasMessage("failures: 0 (expected: 1 or more)");
    assertThatThrownBy(() -> job.maxRunTime(Duration.ZERO))
        .hasMessage("maxRunTime: PT0S (expected: 1 ms to 366 days)");
    assertThatThrownBy(() -> job.evictAfter(Duration.ofDays(367)))
        .hasMessageContaining("evictAfter: ");
    assertThatThrownBy(() -> job.after("b/c")).isInstanceOf(IllegalArgumentException.class);
    assertThat(job.maxRunTime(Duration.ofNanos(1_500_000)).maxRunTime())
        .contains(Duration.ofMillis(1));
    assertThat(job).hasToString("job a");
  }
}
