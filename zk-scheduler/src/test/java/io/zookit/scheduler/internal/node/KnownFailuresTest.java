package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.SkipReason;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.OutcomeLog;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the known failures of other schedulers, and tempting shortcuts, one test each, in virtual time. */
class KnownFailuresTest {

  private static final Map<String, Integer> A = Map.of("a", 1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long FOR_EVER = Duration.ofDays(1).toMillis();

  private final SimWorld world = new SimWorld(7);
  private final SimOwners owners = new SimOwners(world);

  private void clean() {
    world.verifyAll();
    assertThat(world.violations).isEmpty();
  }

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

  private long runsOf(long slot) {
    return world.executions.stream()
        .filter(run -> run.claim().slot().at() == slot)
        .count();
  }

  /** Quartz JDBC: a node that was slow between reading a trigger and taking it took it again. */
  @Test
  void slowNode_betweenReadAndClaim_doesNotFireTwice() {
    start(Job.named("a").on(Schedule.every(SECOND)), 3);
    world.longestDelay(3_000);
    world.time.run(Duration.ofMinutes(3));
    assertThat(world.claims()).isGreaterThan(10);
    clean();
  }

  /** Quartz JDBC: a live node with another clock was declared dead while it ran. */
  @Test
  void skewedNode_whileItRuns_isNotDeclaredDead() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(10))), 2);
    world.longestRun = 9_000;
    world.nodes.get(0).shiftWallClock(600_000);
    world.nodes.get(1).shiftWallClock(-600_000);
    world.time.run(Duration.ofMinutes(3));
    assertThat(state().recent())
        .isNotEmpty()
        .noneMatch(end -> end.outcome() == SlotOutcome.ORPHANED);
    clean();
  }

  /** ElasticJob: after an error while sharding all nodes waited indefinitely. */
  @Test
  void shards_ofNodesThatDieAndAreCutOff_areTakenByOthers() {
    start(
        Job.named("a")
            .on(Schedule.every(Duration.ofSeconds(5)))
            .sharded(8)
            .onDeath(OnDeath.rerun(5)),
        3);
    world.time.run(Duration.ofMillis(5_300));
    world.nodes.get(0).kill();
    world.nodes.get(1).cut(11_000);
    world.time.run(Duration.ofMinutes(2));
    assertThat(world.millis() - state().watermark()).isLessThan(20_000);
    assertThat(state().recent()).anyMatch(end -> end.outcome() == SlotOutcome.RAN);
    clean();
  }

  /** ElasticJob: the end of a session shut down random jobs for good. */
  @Test
  void sessionLost_allJobs_goOnInTheNextSession() {
    for (String name : List.of("a", "b", "c", "d")) {
      world.define(Job.named(name).on(Schedule.every(SECOND)));
    }
    SimWorld.SimNode only = world.node(Map.of("a", 1, "b", 1, "c", 1, "d", 1));
    world.time.run(Duration.ofSeconds(10));
    only.cut(12_000);
    world.time.run(Duration.ofSeconds(40));
    world
        .states
        .values()
        .forEach(state -> assertThat(world.millis() - state.watermark()).isLessThan(5_000));
    clean();
  }

  /** ElasticJob: the old run continued concurrently with the new one, undetected. */
  @Test
  void frozenOwner_wakesAfterTheVerdict_isInvalidHasAnOldTokenAndIsNoted() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(4))).onDeath(OnDeath.rerun(3)), 2);
    world.longestRun = 3_900;
    SimWorld.SimNode owner = owners.await(Duration.ofSeconds(40));
    LiveRun old = owner.running.get(0);
    owner.freeze(20_000);
    world.time.run(Duration.ofSeconds(19));
    assertThat(runsOf(old.claim().slot().at())).isEqualTo(2);
    world.time.run(Duration.ofSeconds(10));
    assertThat(old.isValid()).isFalse();
    assertThat(world.executions)
        .filteredOn(run -> run.claim().slot().at() == old.claim().slot().at())
        .last()
        .satisfies(run -> assertThat(run.token().isAfter(old.token())).isTrue());
    clean();
  }

  /** XXL-Job: a trigger was lost between commit and memory when its node died. */
  @Test
  void trigger_whoseNodeDiesAtOnce_isNotLost() {
    start(Job.named("a").onDeath(OnDeath.rerun(5)), 3);
    world.time.run(Duration.ofSeconds(2));
    world.trigger("a", "t1");
    world.time.run(Duration.ofMillis(15));
    world.nodes.get(0).kill();
    world.nodes.get(1).kill();
    world.time.run(Duration.ofSeconds(40));
    assertThat(state().recent()).singleElement().satisfies(end -> {
      assertThat(end.outcome()).isEqualTo(SlotOutcome.RAN);
      assertThat(end.manual()).isEqualTo("t1");
    });
    clean();
  }

  /** ShedLock: under clock skew a short job ran a second time. */
  @Test
  void shortJob_underClockSkew_runsOncePerSlot() {
    start(Job.named("a").on(Schedule.every(SECOND)), 4);
    world.longestRun = 1;
    long[] skews = {700, -1_500, 2_500, 0};
    for (int i = 0; i < skews.length; i++) {
      world.nodes.get(i).shiftWallClock(skews[i]);
    }
    world.time.run(Duration.ofMinutes(2));
    assertThat(world.executions.stream().map(run -> run.claim().slot().at()))
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(100);
    clean();
  }

  /** ShedLock on ZooKeeper: a holder that overran released the lock of the next. */
  @Test
  void lateEnd_afterTheNextClaim_doesNotEndIt() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(2))), 2);
    world.longestRun = 1_900;
    for (int i = 0; i < 6; i++) {
      owners.await(Duration.ofSeconds(40)).freeze(10_000);
      world.time.run(Duration.ofSeconds(15));
    }
    assertThat(state().recent()).anyMatch(end -> end.outcome() == SlotOutcome.ORPHANED);
    clean();
  }

  /** A claim id alone does not prove ownership: after an expiry the claim is still in the state. */
  @Test
  void claimUnansweredUntilTheSessionIsOver_isNotRunByItsClaimant() {
    start(Job.named("a").on(Schedule.every(Duration.ofSeconds(3))), 1);
    SimWorld.SimNode only = world.nodes.get(0);
    for (int i = 0; i < 20; i++) {
      world.time.run(Duration.ofMillis(3_000 - (world.millis() % 3_000)));
      while (!world.exists(world.paths.run("a"))) {
        world.time.step();
      }
      only.cut(9_500);
      world.time.run(Duration.ofSeconds(20));
    }
    assertThat(state().recent()).anyMatch(end -> end.outcome() == SlotOutcome.ORPHANED);
    for (StateRecord.EndRecord end : state().recent()) {
      if (end.outcome() == SlotOutcome.RAN) {
        assertThat(world.executions).anyMatch(run -> run.claim().id().equals(end.id()));
      }
    }
    clean();
  }

  /** Two reads prove nothing: a verdict concurrent with a fresh claim is refused by the store. */
  @Test
  void verdict_besideAFreshClaim_isRefused() {
    world.define(Job.named("a").on(Schedule.every(SECOND)));
    JobPaths paths = world.paths;
    ZkSessionTree owner = world.connect("owner");
    ZkSessionTree session = world.connect("verdict");
    ClaimRecord claim = new ClaimRecord(
        "x",
        StateRecord.Kind.RUN,
        new SlotRecord(world.millis(), null, null),
        null,
        "n",
        1,
        0,
        0,
        null,
        null,
        null,
        null);
    StateRecord open = state().withOpen(List.of(claim));
    owner.commit(
        List.of(
            new SessionTree.WriteOp.Put(paths.state("a"), Records.STATE.encode(open), 0),
            new SessionTree.WriteOp.Make(paths.run("a"), new byte[0], true)),
        claimed -> assertThat(claimed.isOk()).isTrue());
    world.time.run(SECOND);
    List<String> answers = new java.util.ArrayList<>();
    session.commit(
        List.of(
            new SessionTree.WriteOp.Put(paths.state("a"), Records.STATE.encode(state()), 1),
            new SessionTree.WriteOp.Make(paths.run("a"), new byte[0], true),
            new SessionTree.WriteOp.Drop(paths.run("a"), -1)),
        answer -> answers.add(answer.code().name()));
    world.time.run(SECOND);
    assertThat(answers).containsExactly("NODEEXISTS");
  }

  /** A leader 25 h ahead pushed every watermark into the future, and all jobs were silent for a day. */
  @Test
  void leaderClockADayAhead_doesNotSilenceJobs() {
    start(Job.named("a").on(Schedule.every(SECOND)), 3);
    world.time.run(Duration.ofSeconds(20));
    world.leaderOffset(90_000_000);
    world.time.run(Duration.ofSeconds(60));
    assertThat(state().watermark()).isLessThanOrEqualTo(world.millis());
    assertThat(world.millis() - state().watermark()).isLessThan(5_000);
    world.nodes.get(0).kill();
    world.node(A);
    world.time.run(Duration.ofSeconds(40));
    world.leaderOffset(0);
    world.time.run(Duration.ofSeconds(30));
    assertThat(world.millis() - state().watermark()).isLessThan(5_000);
    clean();
  }

  /** Quartz: a clock that was set back let past times fire again. */
  @Test
  void clocksSetBackAnHour_runNoSlotAgainAndNoneEarly() {
    start(Job.named("a").on(Schedule.every(SECOND)), 3);
    world.longestRun = 100;
    world.time.run(Duration.ofSeconds(20));
    int before = world.executions.size();
    world.leaderOffset(-3_600_000);
    world.nodes.forEach(node -> node.shiftWallClock(-3_600_000));
    world.time.run(Duration.ofMinutes(59));
    assertThat(world.executions).as("while the past comes again").hasSizeLessThan(before + 15);
    world.time.run(Duration.ofMinutes(2));
    assertThat(world.executions).hasSizeGreaterThan(before + 30);
    assertThat(world.executions.stream().map(run -> run.claim().slot().at()))
        .doesNotHaveDuplicates();
    clean();
  }

  /** Three wedged nodes must not stop a job. */
  @Test
  void allButOneNodeWedged_theLastRankTakesOver() {
    start(Job.named("a").on(Schedule.every(SECOND)), 4);
    world.time.run(Duration.ofSeconds(5));
    world.nodes.subList(0, 3).forEach(node -> node.freeze(FOR_EVER));
    world.time.run(Duration.ofSeconds(45));
    assertThat(world.millis() - state().watermark()).isLessThan(12_000);
  }

  /** A node that is first for a job, keeps its session and does nothing, must not stop a job that is due each second. */
  @Test
  void firstNodesStuckWithTheirSessions_nextRanksTakeOverAfterTheirGrace() {
    start(Job.named("a").on(Schedule.every(SECOND)), 4);
    world.longestRun = 100;
    world.time.run(Duration.ofSeconds(10));
    for (long grace : new long[] {2_000, 5_000}) {
      stickWhoeverRan();
      int runs = world.executions.size();
      for (int i = 0; i < 10; i++) {
        world.time.run(Duration.ofMillis(grace + 4_000));
        assertThat(world.millis() - state().watermark())
            .as(() -> world.describe("a"))
            .isLessThan(grace + 4_000);
      }
      assertThat(world.executions).hasSizeGreaterThan(runs + 10);
    }
    clean();
  }

  /** At a moment at which nothing runs and nothing is due, so that no claim of it is left open. */
  private void stickWhoeverRan() {
    for (int i = 0; i < 5_000; i++) {
      world.time.run(Duration.ofMillis(10));
      long within = world.millis() % 1_000;
      if (state().open().isEmpty() && within > 500 && within < 800) {
        String owner = state().recent().get(state().recent().size() - 1).owner();
        world.nodes.stream()
            .filter(node -> node.label.equals(owner))
            .forEach(node -> node.process.hang());
        return;
      }
    }
    throw new AssertionError("it never rests: " + world.describe("a"));
  }

  /** Slots for which no node was connected are missed and not skipped, also for a node that has only just started. */
  @Test
  void slotsWhileNoNodeWasThere_areMissed() {
    start(Job.named("a").on(Schedule.every(SECOND)).catchUp(CatchUp.skip()), 1);
    world.longestRun = 100;
    world.time.run(Duration.ofMillis(10_500)); // no run is open
    world.nodes.get(0).kill();
    world.time.run(Duration.ofMinutes(2));
    world.node(A);
    world.time.run(Duration.ofSeconds(20));
    assertThat(state().outcomeLog().spans())
        .filteredOn(span -> span.code() == OutcomeLog.codeOf(SlotOutcome.MISSED))
        .singleElement()
        .satisfies(span -> assertThat(span.count()).isGreaterThan(80));
    clean();
  }

  /** A pause during which no node was connected is a reason, not a gap. */
  @Test
  void pausedSlots_andSlotsWithoutACapableNode_haveTheirReasons() {
    start(Job.named("a").on(Schedule.every(SECOND)).catchUp(CatchUp.skip()), 2);
    world.time.run(Duration.ofSeconds(5));
    long from = world.millis();
    world.control(
        "a",
        new ControlRecord(
            null, null, List.of(new Records.PauseRecord(from, from + 4_000, "test"))));
    world.time.run(Duration.ofSeconds(8));
    world.nodes.forEach(node -> node.process.hear(() -> node.node.unhandle("a")));
    world.time.run(Duration.ofSeconds(90));
    assertThat(state().outcomeLog().spans())
        .extracting(OutcomeLog.Span::reason)
        .contains(SkipReason.PAUSED, SkipReason.NO_CAPABLE_NODE);
    clean();
  }
}
