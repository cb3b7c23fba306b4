package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.internal.node.JobEffect.CancelRun;
import io.zookit.scheduler.internal.node.JobEffect.ClaimSlot;
import io.zookit.scheduler.internal.node.JobEffect.ClaimTrigger;
import io.zookit.scheduler.internal.node.JobEffect.MarkOrphaned;
import io.zookit.scheduler.internal.node.JobEffect.PassSlots;
import io.zookit.scheduler.internal.node.JobEffect.ReadAfter;
import io.zookit.scheduler.internal.node.JobEffect.RequestCancel;
import io.zookit.scheduler.internal.node.JobEffect.Rerun;
import io.zookit.scheduler.internal.node.JobPlanner.Abilities;
import io.zookit.scheduler.internal.node.JobPlanner.JobDecision;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.Records.ManualRecord;
import io.zookit.scheduler.internal.records.Records.NodeRecord;
import io.zookit.scheduler.internal.records.Records.PauseRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.Kind;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.Ranking;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.CachedJob.NodeView;
import io.zookit.scheduler.internal.state.CachedJob.ObservedNodes;
import io.zookit.scheduler.internal.state.CachedJob.Trigger;
import io.zookit.scheduler.internal.state.CommitState;
import io.zookit.scheduler.internal.state.CommitState.Phase;
import io.zookit.scheduler.internal.state.JobSnapshot;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests what a node does about a job, as a pure decision. */
class JobPlannerTest {

  private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final long NOW = START + 10_000;
  private static final Job EACH_SECOND = Job.named("a").on(Schedule.every(Duration.ofSeconds(1)));
  private static final Abilities ABLE =
      new Abilities(true, true, false, Optional.of(START), Set.of());

  private static NodeRecord node(boolean draining) {
    return new NodeRecord("n", Map.of("a", 1), 1, NOW, NOW, "2026a", draining);
  }

  private static final NodeTurn ONLY =
      new NodeTurn("me", new Ranking(Map.of("me", node(false))), 0);

  private static CachedJob job(Job job, StateRecord state, ControlRecord control) {
    DefRecord def = new DefRecord(
        JobRecord.of(job), List.of(new EraRecord(START, JobRecord.of(job).schedule())), false);
    JobSnapshot stored = new JobSnapshot(def, 0, new ScheduleTimeline(def), control, 0, state, 0);
    return new CachedJob(
        stored,
        new ObservedNodes(List.of(), Map.of(), NOW),
        new NodeView(0, new ClaimOrder(List.of("me")), Map.of(), 0),
        CommitState.NONE,
        true,
        false,
        false);
  }

  private static CachedJob job(Job job, ClaimRecord... open) {
    StateRecord state =
        StateRecord.startingAt(START).withWatermark(NOW - 3_500).withOpen(List.of(open));
    return job(job, state, ControlRecord.NONE);
  }

  private static ClaimRecord claim(int attempt) {
    SlotRecord slot = new SlotRecord(NOW - 4_000, null, null);
    return new ClaimRecord(
        "c", Kind.RUN, slot, null, "other", attempt, NOW - 4_000, START, null, null, false, "x");
  }

  private static CachedJob withTrigger(CachedJob job) {
    SlotRecord at = new SlotRecord(NOW - 5_000, null, null);
    Trigger trigger = new Trigger("t", new ManualRecord(at, Map.of()));
    return new CachedJob(
        job.stored(),
        new ObservedNodes(List.of(trigger), job.reading().runNodes(), NOW),
        job.view(),
        job.commit(),
        true,
        false,
        false);
  }

  private static JobDecision decide(CachedJob job, Abilities abilities) {
    return new JobPlanner(ONLY, NOW, abilities).decide(job);
  }

  @Test
  void decide_slotsDue_claimsTheLastOfThem() {
    assertThat(decide(job(EACH_SECOND), ABLE).effects())
        .singleElement()
        .isInstanceOfSatisfying(ClaimSlot.class, claim -> {
          assertThat(Planner.millis(claim.slot())).isEqualTo(NOW);
          assertThat(claim.plan().passed()).isEqualTo(3);
        });
  }

  @Test
  void decide_commitUnderWayOrUnknown_doesNothing() {
    for (Phase phase : List.of(Phase.PENDING, Phase.UNKNOWN)) {
      CachedJob busy = job(EACH_SECOND).withCommit(new CommitState(phase, null, null));
      assertThat(decide(busy, ABLE).effects()).isEmpty();
    }
  }

  @Test
  void decide_noRoomZombieOrNoToken_readsAgain() {
    for (Abilities unable : List.of(
        new Abilities(false, true, false, Optional.of(START), Set.of()),
        new Abilities(true, false, false, Optional.of(START), Set.of()),
        new Abilities(true, true, true, Optional.of(START), Set.of()))) {
      assertThat(decide(job(EACH_SECOND), unable).effects())
          .singleElement()
          .isInstanceOf(ReadAfter.class);
    }
  }

  @Test
  void decide_triggerAndSlotsDue_claimsTheTrigger() {
    assertThat(decide(withTrigger(job(EACH_SECOND)), ABLE).effects())
        .singleElement()
        .isInstanceOf(ClaimTrigger.class);
  }

  @Test
  void decide_claimWithoutRunNode_isOrphanedAfterAGrace() {
    NodeTurn second = new NodeTurn("me", ONLY.ranking(), 0);
    CachedJob seen = job(EACH_SECOND, claim(1));
    NodeView behind = new NodeView(0, new ClaimOrder(List.of("other", "me")), Map.of(), 0);
    CachedJob waiting =
        new CachedJob(seen.stored(), seen.reading(), behind, seen.commit(), true, false, false);
    JobDecision first = new JobPlanner(second, NOW, ABLE).decide(waiting);
    assertThat(first.effects()).singleElement().isInstanceOf(ReadAfter.class);
    assertThat(first.job().view().absent()).containsEntry("c", NOW);
    JobDecision later = new JobPlanner(second, NOW + 60_000, ABLE).decide(first.job());
    assertThat(later.effects()).containsExactly(new MarkOrphaned(claim(1)));
  }

  @Test
  void decide_claimWithoutRunNodeOfAJobThatReruns_isRunAgainUpToItsAttempts() {
    Job reruns = EACH_SECOND.onDeath(OnDeath.rerun(2));
    assertThat(decide(job(reruns, claim(1)), ABLE).effects()).containsExactly(new Rerun(claim(1)));
    assertThat(decide(job(reruns, claim(2)), ABLE).effects())
        .containsExactly(new MarkOrphaned(claim(2)));
  }

  @Test
  void decide_claimWithItsRunNode_isLeftAloneAndNoLongerAbsent() {
    CachedJob known = job(EACH_SECOND, claim(1)).withAbsent(claim(1), START);
    CachedJob present = new CachedJob(
        known.stored(),
        new ObservedNodes(
            List.of(), Map.of("c", new Found(true, new byte[0], 0, 0, 1, 1, false)), NOW),
        known.view(),
        known.commit(),
        true,
        false,
        false);
    JobDecision decision = decide(present, ABLE);
    assertThat(decision.effects()).isEmpty();
    assertThat(decision.job().view().absent()).isEmpty();
  }

  @Test
  void decide_ownRunToBeReplaced_isCancelledAndItsRequestStored() {
    Abilities running = new Abilities(true, true, false, Optional.of(START), Set.of("c"));
    Job replaces = EACH_SECOND.overlap(Overlap.REPLACE);
    assertThat(decide(job(replaces, claim(1)), running).effects())
        .containsExactly(new CancelRun(claim(1)), new RequestCancel(claim(1)), new ReadAfter(500));
  }

  @Test
  void decide_pausedJob_recordsItsSlotsOnlyOnceInAWhile() {
    ControlRecord paused =
        new ControlRecord(null, null, List.of(new PauseRecord(START, null, "why")));
    StateRecord recent = StateRecord.startingAt(NOW - 5_000);
    StateRecord old = StateRecord.startingAt(NOW - 100_000);
    assertThat(decide(job(EACH_SECOND, recent, paused), ABLE).effects()).isEmpty();
    assertThat(new JobPlanner(ONLY, NOW + 100_000, ABLE)
            .decide(job(EACH_SECOND, old, paused))
            .effects())
        .singleElement()
        .isInstanceOf(PassSlots.class);
  }

  @Test
  void decide_nodeWithoutHandler_leavesTheSlotsToThoseThatCanRun() {
    Abilities none = new Abilities(true, true, false, Optional.empty(), Set.of());
    Ranking others = new Ranking(Map.of("me", node(true), "other", node(false)));
    NodeTurn turn = new NodeTurn("me", others, 0);
    assertThat(new JobPlanner(turn, NOW, none).decide(job(EACH_SECOND)).effects())
        .isEmpty();
  }
}
