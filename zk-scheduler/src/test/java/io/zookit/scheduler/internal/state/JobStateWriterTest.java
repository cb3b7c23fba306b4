package io.zookit.scheduler.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.records.StateRecord.Kind;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.state.JobStateWriter.ClaimStatus;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The transactions of a job's state, and what is concluded after a lost answer. */
class JobStateWriterTest {

  private static final JobPaths PATHS = new JobPaths(new ZkPath("/zookit"));
  private static final JobStateWriter WRITER = new JobStateWriter(PATHS, "me");
  private static final Job JOB = Job.named("a").overlap(Overlap.ALLOW);
  private static final byte[] NO_DATA = {};

  private static JobSnapshot snapshot(Job job, StateRecord state) {
    DefRecord def = new DefRecord(JobRecord.of(job), List.of(new EraRecord(0, null)), false);
    return new JobSnapshot(def, 3, new ScheduleTimeline(def), ControlRecord.NONE, 5, state, 7);
  }

  private static ClaimRecord claim(String id, String owner, long slot, Kind kind) {
    SlotRecord at = new SlotRecord(slot, null, null);
    return new ClaimRecord(id, kind, at, null, owner, 1, slot, 0, null, null, true, null);
  }

  private static StateRecord open(ClaimRecord... claims) {
    return StateRecord.startingAt(0).withWatermark(1_000).withOpen(List.of(claims));
  }

  private static Found run(boolean mine) {
    return new Found(true, NO_DATA, 0, 0, 9, 9, mine);
  }

  @Test
  void claim_besideOrphans_provesEachOrphanAndChecksDefinitionAndControl() {
    ClaimRecord dead = claim("dead", "other", 1_000, Kind.RUN);
    ClaimRecord gone = claim("gone", "other", 900, Kind.RUN);
    ClaimRecord mine = claim("mine", "me", 2_000, Kind.RUN);
    JobSnapshot job = snapshot(JOB, open(dead, gone));
    StateChange orphaned = WRITER.orphan(job, List.of(dead, gone), List.of(), 2_500);
    StateChange change =
        WRITER.claim(job, orphaned.next().withWatermark(2_000), mine, List.of(), orphaned.others());
    assertThat(change.operations().get(0)).isInstanceOfSatisfying(WriteOp.Put.class, put -> {
      assertThat(put.path()).isEqualTo(PATHS.state("a"));
      assertThat(put.version()).isEqualTo(7);
    });
    assertThat(change.operations())
        .contains(new WriteOp.Check(PATHS.def("a"), 3), new WriteOp.Check(PATHS.ctl("a"), 5));
    for (ClaimRecord orphan : List.of(dead, gone)) {
      ZkPath node = PATHS.run(job.job(), orphan);
      assertThat(change.operations().stream()
              .filter(op -> op instanceof WriteOp.Make make && make.path().equals(node)))
          .hasSize(1);
      assertThat(change.operations()).contains(new WriteOp.Drop(node, -1));
      assertThat(change.endOf(orphan).orElseThrow().outcome()).isEqualTo(SlotOutcome.ORPHANED);
    }
    assertThat(change.next().open()).containsExactly(mine);
    assertThat(change.claim()).isEqualTo(mine);
  }

  @Test
  void orphan_ofAJobThatWaitsForAnOperator_pausesIt() {
    ClaimRecord dead = claim("dead", "other", 1_000, Kind.RUN);
    JobSnapshot job = snapshot(JOB.onDeath(OnDeath.manual()), open(dead));
    assertThat(WRITER.orphan(job, List.of(dead), List.of(), 2_000).operations())
        .anyMatch(op -> op instanceof WriteOp.Put put && put.path().equals(PATHS.ctl("a")));
    assertThat(WRITER.orphan(job, List.of(), List.of(), 2_000).operations()).hasSize(1);
  }

  /** The id of a claim alone does not prove ownership: its session may have ended meanwhile. */
  @Test
  void isHeld_claimInTheState_needsARunNodeOfThisSession() {
    ClaimRecord mine = claim("mine", "me", 1_000, Kind.RUN);
    assertThat(JobStateWriter.isHeld(open(mine), mine, run(true))).isTrue();
    assertThat(JobStateWriter.isHeld(open(mine), mine, run(false))).isFalse();
    assertThat(JobStateWriter.isHeld(open(mine), mine, Found.ABSENT)).isFalse();
    assertThat(JobStateWriter.isHeld(open(mine), mine, null)).isFalse();
    assertThat(JobStateWriter.isHeld(open(), mine, run(true))).isFalse();
    ClaimRecord shards = claim("shards", "me", 1_000, Kind.SHARDS);
    assertThat(JobStateWriter.isHeld(open(shards), shards, null)).isTrue();
  }

  @Test
  void statusOf_endsOfThisOwnerAndOfOthers_areToldApart() {
    ClaimRecord mine = claim("mine", "me", 1_000, Kind.RUN);
    JobSnapshot job = snapshot(JOB, open(mine));
    StateRecord ran = WRITER
        .end(job, mine, PATHS.run("a"), 1, SlotOutcome.RAN, null, List.of(), 2_000)
        .next();
    StateRecord orphaned = WRITER.orphan(job, List.of(mine), List.of(), 2_000).next();
    StateRecord evicted =
        job.planner().end(open(mine), mine, SlotOutcome.FAILED, StateRecord.EVICTED, 2_000);
    assertThat(WRITER.statusOf(open(mine), "mine", SlotOutcome.RAN)).isEqualTo(ClaimStatus.OPEN);
    assertThat(WRITER.statusOf(ran, "mine", SlotOutcome.RAN)).isEqualTo(ClaimStatus.ENDED);
    assertThat(WRITER.statusOf(orphaned, "mine", SlotOutcome.RAN)).isEqualTo(ClaimStatus.LOST);
    assertThat(WRITER.statusOf(orphaned, "mine", SlotOutcome.ORPHANED))
        .isEqualTo(ClaimStatus.ENDED);
    assertThat(WRITER.statusOf(evicted, "mine", SlotOutcome.FAILED)).isEqualTo(ClaimStatus.LOST);
    assertThat(WRITER.statusOf(open(), "mine", SlotOutcome.RAN)).isEqualTo(ClaimStatus.LOST);
    assertThat(new JobStateWriter(PATHS, "other").statusOf(ran, "mine", SlotOutcome.RAN))
        .isEqualTo(ClaimStatus.LOST);
  }

  private static EndRecord endOf(String id, String owner, long at, SlotOutcome outcome) {
    SlotRecord slot = new SlotRecord(at, null, null);
    return new EndRecord(id, slot, null, owner, 1, at, at + 1, outcome, null, null, null);
  }

  /** The job's nodes are created with it; only ranges come later, so they are next to them. */
  @Test
  void movingRanges_manyEnds_createsARangeOfTheOldOnes() {
    ClaimRecord mine = claim("mine", "me", 9_000, Kind.RUN);
    List<EndRecord> ends = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ends.add(endOf("e" + i, "me", 1_000 + i, SlotOutcome.RAN));
    }
    JobSnapshot job = snapshot(JOB, open(mine).withRecent(ends));
    StateChange end =
        WRITER.end(job, mine, PATHS.run("a"), 1, SlotOutcome.RAN, null, List.of(), 9_500);
    StateChange moving = WRITER.movingRanges(job, end);
    assertThat(moving.next().recent())
        .extracting(EndRecord::id)
        .containsExactly("e6", "e7", "mine");
    assertThat(moving.endOf(mine)).isEqualTo(end.endOf(mine));
    assertThat(moving.operations()).hasSize(end.operations().size() + 1);
    assertThat(moving.operations().get(moving.operations().size() - 1))
        .isInstanceOfSatisfying(WriteOp.Make.class, make -> {
          assertThat(make.path()).isEqualTo(PATHS.ends("a", 0));
          assertThat(Records.read(Records.RANGE, make.data(), make.path()).read())
              .isEqualTo(ends.subList(0, 6));
        });
    StateChange skipping = WRITER.skippingRanges(job, end);
    assertThat(skipping.operations()).hasSameSizeAs(end.operations());
    assertThat(PATHS.ends("a", skipping.next())).isEmpty();
    assertThat(skipping.next().endRanges().next()).isGreaterThan(8);
  }

  @Test
  void ownEnd_endsInRanges_areToldApartLikeThoseInTheState() {
    List<EndRecord> past = List.of(
        endOf("mine", "me", 1_000, SlotOutcome.RAN),
        endOf("foreign", "other", 1_001, SlotOutcome.RAN),
        endOf("orphan", "me", 1_002, SlotOutcome.ORPHANED));
    assertThat(WRITER.ownEnd(past, "mine", SlotOutcome.RAN)).contains(past.get(0));
    assertThat(WRITER.ownEnd(past, "foreign", SlotOutcome.RAN)).isEmpty();
    assertThat(WRITER.ownEnd(past, "orphan", SlotOutcome.RAN)).isEmpty();
    assertThat(WRITER.ownEnd(past, "orphan", SlotOutcome.ORPHANED)).contains(past.get(2));
    assertThat(WRITER.ownEnd(past, "none", SlotOutcome.RAN)).isEmpty();
  }
}
