package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** Tests the ranges to which the ends of a job are moved. In virtual time. */
class MovedEndsTest {

  private final SimWorld world = new SimWorld(7);

  MovedEndsTest() {
    world.longestRun = 100;
    world.define(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))));
    world.node(Map.of("a", 1));
  }

  private StateRecord written() {
    return Records.read(
        Records.STATE, world.find(world.paths.state("a")).data(), world.paths.state("a"));
  }

  @Test
  void run_forLong_keepsAFewEndsInTheStateAndTheOthersInRanges() {
    world.time.run(Duration.ofMinutes(3));
    assertThat(written().recent()).hasSizeLessThan(7);
    assertThat(world.state("a").recent()).hasSizeGreaterThan(30);
    world.verifyAll();
    assertThat(world.violations).isEmpty();
  }

  /** Nodes of an operator, or what remains of a part that was restored: it must not stop the job. */
  @Test
  void end_rangeInTurnExists_isRecordedAllTheSame() {
    accept(new WriteOp.Make(world.paths.ends("a", 0), new byte[0], false));
    accept(new WriteOp.Make(world.paths.outcomes("a", 0), new byte[0], false));
    runsOn();
  }

  @Test
  void end_oldestRangeIsGone_isRecordedAllTheSame() {
    world.time.run(Duration.ofMinutes(3));
    List<ZkPath> ranges = world.paths.ends("a", written());
    assertThat(ranges).hasSize(8);
    accept(new WriteOp.Drop(ranges.get(0), -1));
    runsOn();
  }

  private void runsOn() {
    int runs = world.executions.size();
    world.time.run(Duration.ofMinutes(3));
    assertThat(world.executions).hasSizeGreaterThan(runs + 160);
    assertThat(written().recent()).hasSizeLessThan(7);
    assertThat(world.paths.ends("a", written())).hasSize(8);
    assertThat(world.state("a").recent()).hasSizeGreaterThan(30);
    assertThat(world.violations).isEmpty();
  }

  private void accept(WriteOp change) {
    assertThat(world.commit(List.of(change))).isEqualTo(Code.OK);
  }
}
