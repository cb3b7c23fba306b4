package io.zookit.scheduler.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.Verification;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.OutcomeLog;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.Records.PauseRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.time.Schedule;
import io.zookit.scheduler.time.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The policies as pure functions: a job each second from 0, looked at later. */
class PlannerTest {

  private static final Job JOB = Job.named("a").on(Schedule.every(Duration.ofSeconds(1)));

  private static Planner planner(Job job) {
    return planner(job, ControlRecord.NONE);
  }

  private static Planner planner(Job job, ControlRecord control) {
    return new Planner(JobRecord.of(job), new ScheduleTimeline(def(job)), control);
  }

  private static DefRecord def(Job job) {
    return new DefRecord(
        JobRecord.of(job), List.of(new EraRecord(0, JobRecord.of(job).schedule())), false);
  }

  private static ClaimRecord claim(Slot slot) {
    return claim(slot, 0);
  }

  private static ClaimRecord claim(Slot slot, long at) {
    return new ClaimRecord(
        "c" + slot.instant().toEpochMilli(),
        StateRecord.Kind.RUN,
        SlotRecord.of(slot),
        null,
        "n",
        1,
        at,
        0,
        null,
        null,
        null,
        null);
  }

  private static Plan plan(Job job, StateRecord state, long now) {
    return planner(job).plan(state, now, true, 0);
  }

  private static long startOf(Plan plan) {
    return Planner.millis(Objects.requireNonNull(plan.start()));
  }

  private static Map<String, Long> outcomes(Job job, StateRecord state) {
    Verification found =
        new Verifier(def(job), state).verify(Instant.EPOCH, Instant.ofEpochMilli(1L << 40));
    assertThat(found.isClean()).as("%s", found).isTrue();
    return found.outcomes();
  }

  @Test
  void plan_nothingDue_changesNothing() {
    assertThat(plan(JOB, StateRecord.startingAt(0), 999).changesNothing()).isTrue();
  }

  @Test
  void plan_runLast_startsTheNewestAndPassesTheOthers() {
    Plan plan = plan(JOB, StateRecord.startingAt(0), 5_500);
    assertThat(startOf(plan)).isEqualTo(5_000);
    assertThat(plan.from()).isEqualTo(4_000);
    assertThat(outcomes(JOB, started(JOB, plan))).containsEntry("SKIPPED(POLICY)", 4L);
  }

  @Test
  void plan_coalesce_coversTheMissedInterval() {
    Job job = JOB.catchUp(CatchUp.coalesce(Duration.ofMinutes(1)));
    Plan plan = plan(job, StateRecord.startingAt(0), 5_500);
    assertThat(startOf(plan)).isEqualTo(5_000);
    assertThat(plan.from()).isZero();
  }

  @Test
  void plan_runAll_startsTheOldestOfSoMany() {
    Job job = JOB.catchUp(CatchUp.runAll(Duration.ofMinutes(1), 3));
    Plan plan = plan(job, StateRecord.startingAt(0), 5_500);
    assertThat(startOf(plan)).isEqualTo(3_000);
    assertThat(plan.passed()).isEqualTo(2);
    StateRecord open = started(job, plan);
    StateRecord ended = planner(job).end(open, open.open().get(0), SlotOutcome.RAN, null, 3_900);
    assertThat(startOf(plan(job, ended, 5_500))).isEqualTo(4_000);
  }

  @Test
  void end_runAllWithABacklog_runsItInsteadOfSkippingItAsOverlap() {
    Job job = JOB.catchUp(CatchUp.runAll(Duration.ofMinutes(1), 100));
    StateRecord state = StateRecord.startingAt(0);
    long now = 5_500;
    for (long expected = 1_000; expected <= 6_000; expected += 1_000) {
      Plan plan = plan(job, state, now);
      assertThat(startOf(plan)).isEqualTo(expected);
      ClaimRecord claim = claim(Objects.requireNonNull(plan.start()), now);
      now += 200;
      StateRecord open = planner(job).open(plan.state(), claim);
      state = planner(job).end(open, claim, SlotOutcome.RAN, null, now);
    }
    assertThat(outcomes(job, state)).containsExactly(Map.entry("RAN", 6L));
    ClaimRecord last = claim(Slot.at(Instant.ofEpochSecond(7)), 7_000);
    StateRecord open = planner(job).open(state.withWatermark(7_000), last);
    StateRecord ended = planner(job).end(open, last, SlotOutcome.RAN, null, 9_500);
    assertThat(outcomes(job, ended)).containsEntry("SKIPPED(OVERLAP)", 2L).containsEntry("RAN", 7L);
  }

  @Test
  void plan_manyThousandMissed_startsTheNewestOnce() {
    Plan plan = plan(JOB, StateRecord.startingAt(0), 10_000_500);
    assertThat(startOf(plan)).isEqualTo(10_000_000);
    assertThat(plan.passed()).isEqualTo(9_999);
    StateRecord open = started(JOB, plan);
    StateRecord ended =
        planner(JOB).end(open, open.open().get(0), SlotOutcome.RAN, null, 10_000_900);
    assertThat(plan(JOB, ended, 10_000_950).changesNothing()).isTrue();
    assertThat(outcomes(JOB, ended))
        .containsOnly(Map.entry("SKIPPED(POLICY)", 9_999L), Map.entry("RAN", 1L));
  }

  @Test
  void plan_severalSlots_tellsSinceWhenTheOldestHasWaited() {
    assertThat(plan(JOB, StateRecord.startingAt(0), 5_500).waiting()).isEqualTo(1_000);
    ControlRecord paused = new ControlRecord(null, null, List.of(new PauseRecord(0, 2_500L, "x")));
    Plan afterAPause = planner(JOB, paused).plan(StateRecord.startingAt(0), 5_500, true, 0);
    assertThat(afterAPause.waiting()).isEqualTo(3_000);
    Job patient = JOB.catchUp(CatchUp.skip());
    assertThat(plan(patient, StateRecord.startingAt(0), 40_500).waiting()).isEqualTo(11_000);
  }

  /** No node can run the job: a slot that a node may still run in time is not passed for a paused one behind it. */
  @Test
  void plan_nodeThatCannotRunItAndAPauseBehindAYoungSlot_leavesNoGap() {
    ControlRecord paused =
        new ControlRecord(null, null, List.of(new PauseRecord(2_500, 4_500L, "x")));
    Planner planner = planner(JOB, paused);
    Plan plan = planner.plan(StateRecord.startingAt(0), 5_500, false, 0);
    assertThat(plan.changesNothing()).isTrue();
    StateRecord later = planner.plan(plan.state(), 4_000_000, false, 0).state();
    Verification found =
        new Verifier(def(JOB), later).verify(Instant.EPOCH, Instant.ofEpochMilli(1L << 40));
    assertThat(found.isClean()).as("%s", found).isTrue();
    assertThat(found.outcomes()).containsEntry("SKIPPED(PAUSED)", 2L);
  }

  @Test
  void plan_olderThanTheWindow_isMissedOrSkipped() {
    Job job = JOB.catchUp(CatchUp.skip());
    Plan nobodyWasThere = planner(job).plan(StateRecord.startingAt(0), 40_500, true, 40_000);
    assertThat(startOf(nobodyWasThere)).isEqualTo(40_000);
    assertThat(nobodyWasThere.missed()).isEqualTo(39);
    assertThat(outcomes(job, started(job, nobodyWasThere))).containsEntry("MISSED", 39L);
    Plan somebodyWas = planner(job).plan(StateRecord.startingAt(0), 40_500, true, 0);
    assertThat(outcomes(job, started(job, somebodyWas))).containsEntry("SKIPPED(POLICY)", 39L);
  }

  @Test
  void plan_nodeThatCannotRunIt_writesOnlyWhatIsTooOld() {
    Job job = JOB.catchUp(CatchUp.skip());
    Plan plan = planner(job).plan(StateRecord.startingAt(0), 40_500, false, 0);
    assertThat(plan.start()).isNull();
    assertThat(outcomes(job, plan.state()))
        .containsExactly(Map.entry("SKIPPED(NO_CAPABLE_NODE)", 10L));
  }

  @Test
  void plan_paused_passesAndStartsNothing() {
    ControlRecord paused = new ControlRecord(null, null, List.of(new PauseRecord(0, null, "x")));
    Plan plan = planner(JOB, paused).plan(StateRecord.startingAt(0), 5_500, true, 0);
    assertThat(plan.start()).isNull();
    assertThat(outcomes(JOB, plan.state())).containsExactly(Map.entry("SKIPPED(PAUSED)", 5L));
  }

  private static StateRecord started(Job job, Plan plan) {
    return planner(job).open(plan.state(), claim(Objects.requireNonNull(plan.start())));
  }

  private static StateRecord endAfter(Job job, long now) {
    ClaimRecord claim = claim(Slot.at(Instant.ofEpochSecond(1)));
    StateRecord open = planner(job).open(StateRecord.startingAt(0).withWatermark(1_000), claim);
    assertThat(planner(job).hasRoom(open))
        .isEqualTo(JobRecord.of(job).policies().overlap() == Overlap.ALLOW);
    return planner(job).end(open, claim, SlotOutcome.RAN, null, now);
  }

  @Test
  void end_forbid_skipsWhatWasDueDuringTheRun() {
    StateRecord ended = endAfter(JOB, 4_200);
    assertThat(ended.watermark()).isEqualTo(4_000);
    assertThat(outcomes(JOB, ended)).containsEntry("SKIPPED(OVERLAP)", 3L).containsEntry("RAN", 1L);
  }

  @Test
  void end_queueOne_keepsTheFirst() {
    Job job = JOB.overlap(Overlap.QUEUE_ONE);
    StateRecord ended = endAfter(job, 4_200);
    assertThat(Objects.requireNonNull(ended.queued()).at()).isEqualTo(2_000);
    assertThat(startOf(plan(job, ended, 4_300))).isEqualTo(2_000);
    assertThat(outcomes(job, ended)).containsEntry("SKIPPED(OVERLAP)", 2L);
  }

  @Test
  void end_replace_keepsTheLast() {
    StateRecord ended = endAfter(JOB.overlap(Overlap.REPLACE), 4_200);
    assertThat(Objects.requireNonNull(ended.queued()).at()).isEqualTo(4_000);
  }

  @Test
  void end_allow_leavesTheDueSlotsAlone() {
    StateRecord ended = endAfter(JOB.overlap(Overlap.ALLOW), 4_200);
    assertThat(ended.watermark()).isEqualTo(1_000);
  }

  @Test
  void pauses_afterSoManyFailuresInARow() {
    Job job = JOB.pauseAfter(2);
    StateRecord once = planner(job)
        .end(
            StateRecord.startingAt(0),
            claim(Slot.at(Instant.ofEpochSecond(1))),
            SlotOutcome.FAILED,
            "no",
            1_100);
    assertThat(planner(job).pauses(once)).isFalse();
    StateRecord twice = planner(job)
        .end(once, claim(Slot.at(Instant.ofEpochSecond(2))), SlotOutcome.TIMED_OUT, "", 2_100);
    assertThat(planner(job).pauses(twice)).isTrue();
    StateRecord well = planner(job)
        .end(twice, claim(Slot.at(Instant.ofEpochSecond(3))), SlotOutcome.RAN, null, 3_100);
    assertThat(planner(job).pauses(well)).isFalse();
  }

  /** Other time zone data puts a label at another instant: what ran under it is not run again. */
  @Test
  void plan_labelThatRanAtAnotherInstant_isNotRunAgain() {
    Slot ran =
        new Slot(Instant.ofEpochSecond(1), Slot.at(Instant.ofEpochSecond(2)).label(), 0);
    StateRecord ended = planner(JOB)
        .end(
            StateRecord.startingAt(0).withWatermark(1_000),
            claim(ran),
            SlotOutcome.RAN,
            null,
            1_200);
    Plan plan = plan(JOB, ended, 2_500);
    assertThat(plan.start()).isNull();
    assertThat(plan.state().watermark()).isEqualTo(2_000);
  }

  /** The control: a ledger that was tampered with is not clean. */
  @Test
  void verify_gapsAndDuplicates_areFound() {
    StateRecord ended = endAfter(JOB, 4_200);
    Instant to = Instant.ofEpochSecond(100);
    Verification gap = new Verifier(def(JOB), ended.withWatermark(6_000)).verify(Instant.EPOCH, to);
    assertThat(gap.gaps())
        .extracting(slot -> slot.instant().getEpochSecond())
        .containsExactly(5L, 6L);
    OutcomeLog twice = new OutcomeLog(
        0,
        List.of(
            new OutcomeLog.Span('R', 1_000, 2_000, 2), new OutcomeLog.Span('R', 2_000, 4_000, 3)));
    Verification duplicate =
        new Verifier(def(JOB), ended.withOutcomes(twice)).verify(Instant.EPOCH, to);
    assertThat(duplicate.duplicates()).isNotEmpty();
    assertThat(duplicate.isClean()).isFalse();
    Verification before = new Verifier(
            def(JOB), ended.withOutcomes(new OutcomeLog(2_000, List.of())))
        .verify(Instant.EPOCH, to);
    assertThat(before.isComplete()).isFalse();
    assertThat(before.knownFrom()).isEqualTo(Instant.ofEpochSecond(2));
  }

  /** Beyond the ledger's reach sinks report the runs, duplicates too; the outcome of the other slots is unknown. */
  @Test
  void verify_beforeTheLedgersReach_goesByTheRunsThatSinksKept() {
    StateRecord late = endAfter(JOB, 4_200).withOutcomes(new OutcomeLog(4_000, List.of()));
    Instant to = Instant.ofEpochSecond(4);
    List<RunRecord> all = List.of(kept(1, "a"), kept(2, "b"), kept(3, "c"), kept(4, "d"));

    Verification whole = new Verifier(def(JOB), late, all).verify(Instant.EPOCH, to);
    assertThat(whole.isComplete()).isTrue();
    assertThat(whole.isClean()).isTrue();
    assertThat(whole.outcomes()).containsOnly(Map.entry("RAN", 4L));

    Verification hole = new Verifier(def(JOB), late, all.subList(0, 3)).verify(Instant.EPOCH, to);
    assertThat(hole.isComplete()).isFalse();
    assertThat(hole.outcomes()).containsOnly(Map.entry("RAN", 3L), Map.entry("UNKNOWN", 1L));

    List<RunRecord> twice = new ArrayList<>(all);
    twice.add(kept(2, "b")); // the same run, from two sinks
    twice.add(kept(3, "other"));
    Verification duplicate = new Verifier(def(JOB), late, twice).verify(Instant.EPOCH, to);
    assertThat(duplicate.duplicates())
        .extracting(slot -> slot.instant().getEpochSecond())
        .containsExactly(3L);
  }

  private static RunRecord kept(int second, String id) {
    Instant at = Instant.ofEpochSecond(second);
    return new RunRecord(
        "j", id, Slot.at(at), false, "n1", 1, at, at, SlotOutcome.RAN, false, null);
  }

  /** A state with as many ends as are kept, each with an error, and a full log of outcomes. */
  private static StateRecord failed(String error) {
    OutcomeLog log = OutcomeLog.empty(0);
    for (int i = 1; i < 1_200; i++) {
      log = log.with(
          i * 1_000_000_000L, i % 2 == 0 ? SlotOutcome.RAN : SlotOutcome.FAILED, List.of());
    }
    StateRecord state = StateRecord.startingAt(0).withOutcomes(log).withWatermark(1L << 42);
    for (int i = 0; i < StateRecord.RECENT; i++) {
      ClaimRecord claim = claim(Slot.at(Instant.ofEpochMilli((1L << 41) + i)));
      state =
          planner(JOB).end(planner(JOB).open(state, claim), claim, SlotOutcome.FAILED, error, i);
      assertThat(Records.STATE.encode(state)).isNotEmpty();
    }
    return state;
  }

  @Test
  void end_manyMembersDidNotRunEachBroadcast_canStillBeWritten() {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      missing.add("9f1c6a-node-" + i + " ORPHANED");
    }
    assertThat(failed(String.join(", ", missing)).recent())
        .hasSize(StateRecord.RECENT)
        .allSatisfy(end -> assertThat(end.error()).startsWith("9f1c6a-node-0 ORPHANED"));
  }

  @Test
  void end_errorsThatTakeManyBytes_dropsTheOldestErrorsAndKeepsTheEnds() {
    StateRecord state = failed("\u0001".repeat(160));
    assertThat(state.recent()).hasSize(StateRecord.RECENT);
    assertThat(state.recent().get(StateRecord.RECENT - 1).error()).hasSize(160);
    assertThat(state.recent().get(0).error()).isNull();
  }

  @Test
  void end_errorCutInsideACharacter_canStillBeWritten() {
    assertThat(failed("x".repeat(159) + "\uD83D\uDE00 " + "y".repeat(80)).recent())
        .hasSize(StateRecord.RECENT);
    assertThat(failed("a lone \uD83D").recent()).hasSize(StateRecord.RECENT);
  }
}
