package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes on a real ensemble: kill -9, SIGSTOP beyond the session, a clock a day ahead, the leader killed. */
@Timeout(300)
class SchedulerProcessIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  /** A line of a child: what it began, or ended. */
  private record Told(String what, Instant slot, FencingToken token) {

    static Told parse(String line) {
      String[] words = line.split(" ", -1);
      return new Told(words[0], Instant.parse(words[1]), FencingToken.parse(words[2]));
    }
  }

  private final Queue<Told> told = new ConcurrentLinkedQueue<>();

  @Test
  void faults_ofEveryKind_neverRunASlotTwiceOrLoseOne() throws Exception {
    List<ChildJvm> nodes = new ArrayList<>();
    try (ZkProcesses ensemble = ZkProcesses.start(3);
        ZkClient client = ZkClient.builder(ensemble.connectString())
            .sessionTimeout(Duration.ofSeconds(10))
            .connect()) {
      JobLedger ledger = JobLedger.in(client);
      for (int i = 0; i < 3; i++) {
        nodes.add(child(ensemble, "n" + i));
      }
      ledger.define(Job.named("tick")
          .on(Schedule.every(Duration.ofSeconds(1)))
          .catchUp(CatchUp.runAll(Duration.ofHours(1), 1000)));
      awaitRuns(3);
      nodes.get(0).pause();
      nodes.get(1).send("jump 90000000");
      awaitRuns(6);
      nodes.get(2).kill();
      awaitRuns(9);
      OptionalInt leader = ensemble.awaitLeader(LONG);
      ensemble.kill(leader.orElseThrow());
      awaitRuns(12);
      nodes.get(0).resume();
      nodes.get(1).send("jump -7200000");
      nodes.add(child(ensemble, "n3"));
      awaitRuns(18);
      judge(ledger);
      assertThat(ensemble.expiredSessions()).isGreaterThanOrEqualTo(1);
    } finally {
      nodes.forEach(ChildJvm::close);
    }
  }

  private ChildJvm child(ZkProcesses ensemble, String label) throws InterruptedException {
    ChildJvm child = ChildJvm.of(NodeChild.class)
        .args(ensemble.connectString(), label)
        .jvmOptions("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .onLine(line -> {
          if (line.startsWith("begin ") || line.startsWith("end ")) {
            told.add(Told.parse(line));
          }
        })
        .start();
    child.awaitLine("ready"::equals, LONG);
    return child;
  }

  /** Waits for so many further runs, each new. */
  private void awaitRuns(int total) {
    await().atMost(LONG).until(() -> begun().size() >= total);
  }

  private List<Told> begun() {
    return told.stream().filter(each -> each.what.equals("begin")).toList();
  }

  private void judge(JobLedger ledger) throws InterruptedException {
    ledger.pause("tick", "judgement");
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> ledger.find("tick").orElseThrow().running().isEmpty());
    assertThat(begun().stream().map(Told::slot)).doesNotHaveDuplicates();
    List<Told> bySlot =
        begun().stream().sorted((a, b) -> a.token.compareTo(b.token)).toList();
    assertThat(bySlot.stream().map(Told::slot)).isSorted();
    Verification found = ledger.verify(
        "tick", Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"));
    assertThat(found.isClean()).as("%s", found).isTrue();
    assertThat(found.pending()).isZero();
    long ended = found.fates().getOrDefault("RAN", 0L) + found.fates().getOrDefault("ORPHANED", 0L);
    assertThat(ended).isGreaterThanOrEqualTo(begun().size());
    assertThat(found.fates().keySet())
        .isSubsetOf("RAN", "ORPHANED", "SKIPPED(OVERLAP)", "SKIPPED(PAUSED)");
  }
}
