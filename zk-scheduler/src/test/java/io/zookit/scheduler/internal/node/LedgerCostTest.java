package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.Map;
import org.apache.jute.Record;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.Test;

/** Tests the number of requests per slot, in virtual time. */
class LedgerCostTest {

  private static final int SLOTS = 240;
  private static final int NODES = 4;
  private static final double PROBES = NODES / 5.0;
  private static final double LOOKS = NODES - 1;

  private final SimWorld world = new SimWorld(11);

  /** A claim and an end, each node's probe, and one look of each node that is not first. */
  @Test
  void slotEachSecond_onFourNodes_costsTwoCommitsAndALookOfEachOtherNode() {
    world.failing = 0;
    world.longestRun = 100;
    world.define(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))));
    for (int i = 0; i < NODES; i++) {
      world.node(Map.of("a", 1));
    }
    world.time.run(Duration.ofSeconds(60));
    long commits = world.commits;
    long reads = world.reads;
    int runs = world.executions.size();
    world.time.run(Duration.ofSeconds(SLOTS));
    assertThat(world.executions).hasSize(runs + SLOTS);
    double perSlot = (double) (world.commits - commits) / SLOTS;
    double looks = (double) (world.reads - reads) / SLOTS;
    System.out.printf("ledger-cost commits/slot=%.3f reads/slot=%.3f%n", perSlot, looks);
    assertThat(perSlot).isLessThan(2 + PROBES + 0.05);
    assertThat(looks).isLessThan(LOOKS + 0.2);
    assertThat(world.violations).isEmpty();
  }

  /** Counts the bytes that a claim and an end write of a job that has run for long and whose outcomes alternate. */
  @Test
  void slotOfAnOldJob_writesFewBytes() {
    world.failing = 0.5;
    world.longestRun = 100;
    world.define(Job.named("a").on(Schedule.every(Duration.ofSeconds(1))));
    world.node(Map.of("a", 1));
    world.time.run(Duration.ofMinutes(10));
    int runs = world.executions.size();
    long[] bytes = {0};
    world.arrived = operations -> operations.forEach(op -> bytes[0] += bytesOf(op));
    world.time.run(Duration.ofSeconds(SLOTS));
    double perRun = (double) bytes[0] / (world.executions.size() - runs);
    System.out.printf("ledger-cost bytes/run=%.0f%n", perRun);
    assertThat(perRun).isLessThan(3_000);
    assertThat(world.children(world.paths.job("a"))).hasSizeLessThan(5 + 8 + 20 + 1);
    world.verifyAll();
    assertThat(world.violations).isEmpty();
  }

  private static int bytesOf(Op op) {
    Record request = op.toRequestRecord();
    if (request instanceof SetDataRequest put) {
      return put.getData().length;
    }
    return request instanceof CreateRequest make ? make.getData().length : 0;
  }
}
