package io.zookit.scheduler.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.SkipReason;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.OutcomeLog;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.records.StateRecord.Kind;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the list of the outcomes of slots. */
class OutcomeListerTest {

  private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final Instant ALWAYS = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FOREVER = Instant.parse("2100-01-01T00:00:00Z");
  private static final int MOST = 100;

  private static long slot(int second) {
    return START + second * 1_000L;
  }

  private static DefRecord definition(Job job) {
    JobRecord record = JobRecord.of(job);
    return new DefRecord(record, List.of(new EraRecord(START, record.schedule())), false);
  }

  private static StateRecord state(OutcomeLog log, int upTo) {
    return StateRecord.startingAt(START).withOutcomes(log).withWatermark(slot(upTo));
  }

  private static EndRecord end(String id, int second, SlotOutcome outcome) {
    SlotRecord at = new SlotRecord(slot(second), null, null);
    return new EndRecord(
        id, at, null, "n1", 1, slot(second), slot(second) + 5, outcome, "disk full", null, null);
  }

  private static OutcomeLog mixed() {
    return OutcomeLog.empty(START)
        .with(slot(1), SlotOutcome.RAN, List.of())
        .with(slot(2), SlotOutcome.RAN, List.of())
        .with(slot(3), OutcomeLog.codeOf(SkipReason.OVERLAP), List.of())
        .with(slot(4), SlotOutcome.FAILED, List.of());
  }

  private static List<String> shown(List<RecordedOutcome> listed) {
    return listed.stream()
        .map(each -> (each.slot().instant().toEpochMilli() - START) / 1_000
            + " " + each.outcome()
            + (each.reason() == null ? "" : " " + each.reason())
            + (each.run() == null ? "" : " " + each.run().error()))
        .toList();
  }

  @Test
  void list_mixedOutcomes_showsReasonsRunsAndWhatIsPending() {
    SlotRecord five = new SlotRecord(slot(5), null, null);
    ClaimRecord open = new ClaimRecord(
        "c5", Kind.RUN, five, null, "n1", 1, slot(5), slot(4), null, null, null, null);
    StateRecord state = state(mixed(), 5)
        .withOpen(List.of(open))
        .withRecent(List.of(end("c4", 4, SlotOutcome.FAILED)));
    DefRecord def = definition(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))));
    assertThat(shown(new OutcomeLister(def, state).list(ALWAYS, FOREVER, MOST)))
        .containsExactly("1 RAN", "2 RAN", "3 SKIPPED OVERLAP", "4 FAILED disk full", "5 null");
  }

  @Test
  void list_range_excludesItsBeginAndIncludesItsEnd() {
    DefRecord def = definition(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))));
    OutcomeLister lister = new OutcomeLister(def, state(mixed(), 4));
    assertThat(
            shown(lister.list(Instant.ofEpochMilli(slot(1)), Instant.ofEpochMilli(slot(3)), MOST)))
        .containsExactly("2 RAN", "3 SKIPPED OVERLAP");
    assertThat(shown(lister.list(ALWAYS, FOREVER, 1))).containsExactly("1 RAN");
  }

  @Test
  void list_fixedDelay_showsTheRecordedSlots() {
    DefRecord def = definition(Job.named("a").on(Schedule.delay(Duration.ofSeconds(1))));
    assertThat(shown(new OutcomeLister(def, state(mixed(), 4)).list(ALWAYS, FOREVER, MOST)))
        .containsExactly("1 RAN", "2 RAN", "3 SKIPPED OVERLAP", "4 FAILED");
  }
}
