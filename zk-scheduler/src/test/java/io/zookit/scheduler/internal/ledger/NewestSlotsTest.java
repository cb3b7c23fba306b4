package io.zookit.scheduler.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.SkipReason;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.SlotReport;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.OutcomeLog;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Finds the newest slots of schedules that only count forward. */
class NewestSlotsTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static List<SlotReport> newest(
      int count, Schedule schedule, Instant watermark, OutcomeLog log) {
    JobRecord record = JobRecord.of(Job.named("a").on(schedule));
    DefRecord def = new DefRecord(
        record, List.of(new EraRecord(BEGIN.toEpochMilli(), record.schedule())), false);
    StateRecord state = StateRecord.startingAt(BEGIN.toEpochMilli())
        .withWatermark(watermark.toEpochMilli())
        .withOutcomes(log);
    return NewestSlots.of(def, state, count);
  }

  private static OutcomeLog none() {
    return OutcomeLog.empty(BEGIN.toEpochMilli());
  }

  private static Stream<Instant> instants(List<SlotReport> slots) {
    return slots.stream().map(each -> each.slot().instant());
  }

  @Test
  void of_outcomesAndAnOpenSlot_areListedNewestFirst() {
    long minute = Duration.ofMinutes(1).toMillis();
    long begin = BEGIN.toEpochMilli();
    OutcomeLog log = none()
        .with(begin + minute, SlotOutcome.RAN, List.of())
        .with(begin + 2 * minute, OutcomeLog.codeOf(SkipReason.OVERLAP), List.of());
    Schedule everyMinute = Schedule.every(Duration.ofMinutes(1));
    Instant watermark = BEGIN.plus(Duration.ofMinutes(3));

    List<SlotReport> slots = newest(10, everyMinute, watermark, log);

    assertThat(slots)
        .extracting(SlotReport::toString)
        .containsExactly(
            "2026-01-01T00:03#0@2026-01-01T00:03:00Z PENDING",
            "2026-01-01T00:02#0@2026-01-01T00:02:00Z SKIPPED(OVERLAP)",
            "2026-01-01T00:01#0@2026-01-01T00:01:00Z RAN");
    assertThat(slots.get(1).reason()).contains(SkipReason.OVERLAP);
    assertThat(slots.get(0).outcome()).isEqualTo(Optional.empty());
    assertThat(newest(2, everyMinute, watermark, log)).isEqualTo(slots.subList(0, 2));
  }

  /** A schedule whose slots of a day are all in one hour, seen hours later. */
  @Test
  void of_slotsInABurst_areTheLastOfIt() {
    Schedule burst = Schedule.cron("* * 22,23 * * ?", ZoneOffset.UTC);
    Instant noon = BEGIN.plus(Duration.ofHours(36));

    assertThat(instants(newest(3, burst, noon, none())))
        .containsExactly(
            Instant.parse("2026-01-01T23:59:59Z"),
            Instant.parse("2026-01-01T23:59:58Z"),
            Instant.parse("2026-01-01T23:59:57Z"));
  }

  /** More slots in the last range than are listed at a time. */
  @Test
  void of_manySlots_areTheNewest() {
    Schedule quick = Schedule.every(Duration.ofMillis(100));
    Instant end = BEGIN.plus(Duration.ofHours(1));

    List<SlotReport> slots = newest(1000, quick, end, none());

    assertThat(slots).hasSize(1000);
    assertThat(slots.get(0).slot().instant()).isEqualTo(end);
    assertThat(slots.get(999).slot().instant()).isEqualTo(end.minusMillis(99_900));
  }

  @Test
  void of_jobWithoutSlots_isEmpty() {
    Schedule later = Schedule.once(BEGIN.plus(Duration.ofDays(1)));
    assertThat(newest(10, later, BEGIN.plusSeconds(9), none())).isEmpty();
    assertThat(newest(10, later, BEGIN, none())).isEmpty();
  }
}
