package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.SkipReason;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.OutcomeLog;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.rules.Ranking;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that is due often, on a node that dies or hangs while its session lives: in virtual time, with many nodes. */
class FrequentJobsTest {

  private static final Map<String, Integer> A = Map.of("a", 1);
  private static final long SECOND = 1_000;
  private static final int SLOTS = 20;

  /** Claims that were sent for each slot, whether they were taken or refused. */
  private final Map<Long, Integer> attempts = new HashMap<>();

  private SimWorld world = new SimWorld(0);

  private void start(long seed, int nodes, long period) {
    world = new SimWorld(seed);
    world.failing = 0;
    world.longestRun = 60;
    world.arrived = this::countClaims;
    world.define(Job.named("a").on(Schedule.every(Duration.ofMillis(period))));
    for (int i = 0; i < nodes; i++) {
      world.node(A);
    }
    world.time.run(Duration.ofMillis(10_000 + 2 * period));
    rest(period);
    attempts.clear();
  }

  /** Runs the world until no run is on and the next slot is some way off. */
  private void rest(long period) {
    long within = world.millis() % period;
    world.time.run(Duration.ofMillis(period - within + world.pick(300, period - 300)));
    assertThat(state().open()).isEmpty();
  }

  private void countClaims(List<Op> operations) {
    String run = world.paths.run("a").value();
    boolean claims =
        hasOf(operations, OpCode.create2, run) && !hasOf(operations, OpCode.delete, run);
    ZkPath state = world.paths.state("a");
    for (Op operation : operations) {
      if (claims
          && operation.toRequestRecord() instanceof SetDataRequest put
          && put.getPath().equals(state.value())) {
        List<ClaimRecord> open =
            Records.read(Records.STATE, put.getData(), state).open();
        attempts.merge(open.get(open.size() - 1).slot().at(), 1, Integer::sum);
      }
    }
  }

  private static boolean hasOf(List<Op> operations, int type, String path) {
    return operations.stream()
        .anyMatch(each -> each.getType() == type && each.getPath().equals(path));
  }

  private StateRecord state() {
    return world.state("a");
  }

  private String lastOwner() {
    return state().recent().get(state().recent().size() - 1).owner();
  }

  private SimWorld.SimNode owner() {
    String owner = lastOwner();
    return world.nodes.stream()
        .filter(node -> node.label.equals(owner))
        .findFirst()
        .orElseThrow();
  }

  private long skipped() {
    return state().outcomeLog().spans().stream()
        .filter(span -> span.reason() == SkipReason.POLICY)
        .mapToLong(OutcomeLog.Span::count)
        .sum();
  }

  private void clean() {
    world.verifyAll();
    assertThat(world.violations).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void firstOfEightNodesKilled_aSlotEachSecond_isNeverSkippedNorRacedFor(long seed) {
    start(seed, 8, SECOND);
    owner().kill();
    world.time.run(Duration.ofSeconds(SLOTS));
    assertThat(skipped()).as("skipped, seed %d", seed).isZero();
    assertThat(attempts).hasSizeGreaterThanOrEqualTo(SLOTS - 1);
    assertThat(attempts)
        .as("claims a slot, seed %d", seed)
        .allSatisfy((slot, sent) -> assertThat(sent).isLessThanOrEqualTo(2));
    clean();
  }

  /** Servers that take longer than the least unit must not get the claims of all nodes on top. */
  @Test
  void slowServers_eightNodesAndASlotEachSecond_areNotRacedFor() {
    start(8, 8, SECOND);
    world.longestDelay(400);
    world.time.run(Duration.ofSeconds(10));
    attempts.clear();
    world.time.run(Duration.ofMinutes(1));
    int sent = attempts.values().stream().mapToInt(Integer::intValue).sum();
    assertThat((double) sent / attempts.size()).isLessThan(1.5);
    clean();
  }

  /** Not one after the other: the second dies before the others know that the first is dead. */
  @Test
  void firstThreeOfEightNodesKilledTogether_aSlotEachSecond_isNeverSkipped() {
    start(7, 8, SECOND);
    List<String> ranked = ranked();
    world.nodes.stream()
        .filter(node -> ranked.subList(0, 3).contains(node.label))
        .forEach(SimWorld.SimNode::kill);
    world.time.run(Duration.ofSeconds(SLOTS));
    assertThat(skipped()).isZero();
    assertThat(attempts).hasSizeGreaterThanOrEqualTo(SLOTS - 1);
    clean();
  }

  /** The labels of the nodes, the first for the job in front. */
  private List<String> ranked() {
    Map<String, String> labels = new HashMap<>();
    Map<String, Records.NodeRecord> records = new HashMap<>();
    for (String name : world.children(world.paths.nodes())) {
      byte[] data = world.find(world.paths.nodes().own(name)).data();
      Records.NodeRecord record = Records.read(Records.NODE, data, name);
      labels.put(name, record.label());
      records.put(name, record);
    }
    JobRecord job = Objects.requireNonNull(world.defs.get("a")).job();
    return new Ranking(records).ranked(job).stream().map(labels::get).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {200, 1_000, 2_000, 4_000})
  void firstOfTwoNodesKilled_anyPeriod_noSlotIsSkipped(long period) {
    start(period, 2, Math.max(SECOND, period));
    owner().kill();
    world.time.run(Duration.ofMillis(10_000 + 3 * period));
    assertThat(skipped()).isZero();
    clean();
  }

  /** A slot that the first one lets pass waits for the second; from the third slot on the second does not wait. */
  @Test
  void firstNodeHangs_twoSlotsLater_theSecondDoesNotWaitForIt() {
    start(3, 4, 4 * SECOND);
    owner().process.hang();
    world.time.run(Duration.ofSeconds(8));
    int before = world.executions.size();
    world.time.run(Duration.ofSeconds(20));
    assertThat(world.executions.subList(before, world.executions.size()))
        .hasSize(5)
        .allSatisfy(run -> assertThat(run.at() - run.claim().slot().at())
            .isLessThan(ClaimOrder.unitMillis(4 * SECOND, 0) / 2));
    clean();
  }

  /** Put last for good, a node that paused once would have nothing to do any more. */
  @Test
  void firstNodeHangsAndGoesOn_claimsAgainAndIsTheFirstAgain() {
    start(4, 4, SECOND);
    SimWorld.SimNode first = owner();
    String label = first.label;
    first.freeze(5_000);
    world.time.run(Duration.ofSeconds(5));
    assertThat(lastOwner()).isNotEqualTo(label);
    assertThat(skipped()).isZero();
    world.time.run(Duration.ofMinutes(1));
    assertThat(state().recent()).extracting(StateRecord.EndRecord::owner).containsOnly(label);
    clean();
  }
}
