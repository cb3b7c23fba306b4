package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.ProcessNodes.Told;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real processes on a real ensemble: four nodes, three servers, a job each second; nodes are killed, stopped inside a run
 * until their session is over, their clocks set 25 h ahead and 2 h back, and the leader is killed. In full with {@code
 * -Pnightly}; {@code -Dzookit.seed=N} chooses the victims.
 */
@Timeout(1_200)
@Tag("full")
class SchedulerProcessIT {

  private static final Duration LONG = Duration.ofSeconds(90);
  private static final long SEED = Long.getLong("zookit.seed", 11);

  private final Random random = new Random(SEED);
  private final List<String> faults = new ArrayList<>();

  /** Faults, injected in turn. */
  private enum Blow {
    STOP,
    AHEAD,
    KILL,
    LEADER,
    BACK
  }

  @Test
  void oneBlowOfEachKind_neverRunsASlotTwiceOrLeavesOneWithoutFate() throws Exception {
    experiment(1, 1);
  }

  @Test
  @Tag("nightly")
  void manyBlowsOver240Slots_neverRunASlotTwiceOrLeaveOneWithoutFate() throws Exception {
    experiment(240, 3);
  }

  /**
   * Strikes in turn.
   *
   * @param least how many slots it takes at least
   * @param rest how many runs are awaited before the next blow
   */
  private void experiment(long least, int rest) throws Exception {
    try (ZkProcesses ensemble = ZkProcesses.start(3);
        ZkClient client = ZkClient.builder(ensemble.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .sessionTimeout(Duration.ofSeconds(10))
            .connect();
        ProcessNodes nodes = new ProcessNodes(ensemble.connectString())) {
      JobLedger ledger = JobLedger.in(client);
      nodes.add(4);
      ledger.define(Job.named("tick")
          .on(Schedule.every(Duration.ofSeconds(1)))
          .catchUp(CatchUp.runAll(Duration.ofHours(1), 1000)));
      awaitRuns(nodes, 3);
      for (int i = 0; i < Blow.values().length || slots(nodes) < least; i++) {
        strike(Blow.values()[i % Blow.values().length], nodes, ensemble, rest);
        awaitRuns(nodes, nodes.begun().size() + rest);
      }
      judge(ledger, nodes, ensemble);
    }
  }

  private static long slots(ProcessNodes nodes) {
    List<Instant> slots = nodes.begun().stream().map(Told::slot).sorted().toList();
    return Duration.between(slots.get(0), slots.get(slots.size() - 1)).toSeconds() + 1;
  }

  private void strike(Blow blow, ProcessNodes nodes, ZkProcesses ensemble, int rest)
      throws Exception {
    List<String> names = nodes.names();
    String victim = names.get(random.nextInt(names.size()));
    switch (blow) {
      case STOP -> stopInside(nodes, rest);
      case AHEAD -> nodes.child(victim).send("jump 90000000");
      case BACK -> nodes.child(victim).send("jump -7200000");
      case KILL -> {
        nodes.kill(victim);
        nodes.add();
      }
      case LEADER -> {
        int leader = ensemble.awaitLeader(LONG).orElseThrow();
        ensemble.kill(leader);
        awaitRuns(nodes, nodes.begun().size() + Math.min(rest, 2));
        ensemble.restart(leader);
      }
    }
    faults.add(blow.name().toLowerCase(Locale.ROOT));
  }

  /** SIGSTOP in the middle of a run; SIGCONT when the others have gone on, so that its write comes too late. */
  private static void stopInside(ProcessNodes nodes, int rest) {
    boolean landed = false;
    while (!landed) {
      List<String> inside = new ArrayList<>();
      await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> {
        nodes.names().stream().filter(nodes::isInside).forEach(inside::add);
        return !inside.isEmpty();
      });
      String owner = inside.get(0);
      int refused = nodes.refused().size();
      nodes.child(owner).pause();
      awaitRuns(nodes, nodes.begun().size() + rest);
      landed = nodes.isInside(owner);
      nodes.child(owner).resume();
      if (landed) {
        await().atMost(LONG).until(() -> nodes.refused().size() > refused);
      }
    }
  }

  private static void awaitRuns(ProcessNodes nodes, int total) {
    await().atMost(LONG).until(() -> nodes.begun().size() >= total);
  }

  private void judge(JobLedger ledger, ProcessNodes nodes, ZkProcesses ensemble) throws Exception {
    await().atMost(LONG).ignoreExceptions().until(() -> {
      ledger.pause("tick", "judgement");
      return ledger.find("tick").orElseThrow().running().isEmpty();
    });
    Verification found = ledger.verify(
        "tick", Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"));
    List<Told> begun = nodes.begun();
    System.out.printf(
        "jobs: seed=%d faults=%s runs=%d refused-writes=%d expired-sessions=%d elections=%d %s%n",
        SEED,
        faults,
        begun.size(),
        nodes.refused().size(),
        ensemble.expiredSessions(),
        ensemble.elections(),
        found);
    assertThat(found.isClean()).isTrue();
    assertThat(found.pending()).isZero();
    assertThat(found.outcomes().keySet())
        .isSubsetOf("RAN", "ORPHANED", "SKIPPED(OVERLAP)", "SKIPPED(PAUSED)");
    long claims =
        found.outcomes().getOrDefault("RAN", 0L) + found.outcomes().getOrDefault("ORPHANED", 0L);
    assertThat(claims).as("end records").isGreaterThanOrEqualTo(begun.size());
    assertThat(nodes.ends()).as("end records told").doesNotHaveDuplicates();
    assertThat(begun.stream().map(Told::slot)).doesNotHaveDuplicates();
    List<Told> byToken =
        begun.stream().sorted((a, b) -> a.token().compareTo(b.token())).toList();
    assertThat(byToken.stream().map(Told::slot)).as("slots by tokens").isSorted();
    judgeStore(nodes);
    await("faults that landed").atMost(LONG).until(() -> ensemble.expiredSessions() >= 2);
  }

  /** The control is that old owners did write: each such write was refused. */
  private static void judgeStore(ProcessNodes nodes) {
    assertThat(nodes.refused()).as("writes of zombies").isNotEmpty();
    FencingToken newest = null;
    for (Told one : nodes.accepted()) {
      assertThat(newest == null || !newest.isAfter(one.token())).as("%s", one).isTrue();
      newest = one.token();
    }
  }
}
