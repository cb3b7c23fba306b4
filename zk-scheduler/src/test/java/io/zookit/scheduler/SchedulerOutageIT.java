package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.MemoryFence;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Jobs over an outage of 25 s, with sessions of the default timeout of 15 s, which the servers keep while they have no
 * quorum.
 */
@Timeout(300)
@Tag("nightly")
class SchedulerOutageIT {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SESSION = Duration.ofSeconds(15);
  private static final Duration OUTAGE = Duration.ofSeconds(25);
  private static final Instant ALWAYS = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FOREVER = Instant.parse("2100-01-01T00:00:00Z");

  private final ZkServer server = ZkServer.start();
  private final List<AutoCloseable> made = new ArrayList<>();
  private final ConcurrentLinkedQueue<JobRun> ticks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<JobRun> reports = new ConcurrentLinkedQueue<>();
  private final MemoryFence fence = new MemoryFence();
  private final CompletableFuture<Boolean> validWhenInterrupted = new CompletableFuture<>();

  @AfterEach
  void close() throws Exception {
    for (int i = made.size() - 1; i >= 0; i--) {
      made.get(i).close();
    }
    server.close();
  }

  /** The control is the node over a given Curator client, which joins again under another id. */
  @Test
  void serverAwayFor25Seconds_nodesStayMembersEachSlotRunsOnceAndTheRunInItIsFenced()
      throws Exception {
    handle(start(own("one")));
    handle(start(own("two")));
    start(overCurator("control")).handle("other", run -> {});
    JobLedger ledger = JobLedger.in(own("ledger"));
    ledger.define(Job.named("tick")
        .on(Schedule.every(Duration.ofSeconds(1)))
        .catchUp(CatchUp.runAll(Duration.ofHours(1), 100)));
    ledger.define(Job.named("report"));
    ledger.trigger("report");
    await().atMost(LONG).until(() -> ticks.size() > 2 && reports.size() == 1);
    await().atMost(LONG).until(() -> idsIn(ledger).size() == 3);
    Map<String, String> before = idsIn(ledger);
    JobRun old = reports.element();

    server.stop();
    int ran = ticks.size();
    await().atMost(LONG).pollDelay(OUTAGE).until(() -> !old.isValid());
    server.restart();
    long restarted = System.nanoTime();

    assertThat(validWhenInterrupted.get(60, TimeUnit.SECONDS)).isFalse();
    await().atMost(LONG).until(() -> ticks.size() > ran + 1);
    System.out.println("jobs ran again "
        + Duration.ofNanos(System.nanoTime() - restarted).toMillis() + " ms after the restart");
    requireFenced(ledger, old);
    await().atMost(LONG).until(() -> idsIn(ledger).keySet().equals(before.keySet()));
    await()
        .atMost(LONG)
        .until(() -> !Objects.equals(idsIn(ledger).get("control"), before.get("control")));
    assertThat(idsIn(ledger))
        .containsEntry("one", before.get("one"))
        .containsEntry("two", before.get("two"));
    requireEachSlotOnce(ledger);
  }

  /** The run of the outage has ended as cancelled, and a store that has seen a later one refuses it. */
  private void requireFenced(JobLedger ledger, JobRun old) throws InterruptedException {
    await().atMost(LONG).until(() -> ledger.history("report").size() == 1);
    assertThat(ledger.history("report").get(0).outcome()).isEqualTo(SlotOutcome.FAILED);
    ledger.trigger("report");
    await().atMost(LONG).until(() -> reports.size() == 2);
    await().atMost(LONG).until(() -> ledger.history("report").size() == 2);
    assertThat(old.isValid()).isFalse();
    assertThatThrownBy(() -> fence.admit("report", old.token(), FenceMode.EXCLUSIVE))
        .isInstanceOf(StaleTokenException.class);
  }

  private void requireEachSlotOnce(JobLedger ledger) throws InterruptedException {
    ledger.pause("tick", "check");
    await().atMost(LONG).until(() -> ledger.find("tick").orElseThrow().running().isEmpty());
    assertThat(ticks.stream().map(JobRun::slot)).doesNotHaveDuplicates();
    Verification found = ledger.verify("tick", ALWAYS, FOREVER);
    assertThat(found.isClean()).isTrue();
    assertThat(found.outcomes().get("RAN")).isEqualTo(ticks.size());
    assertThat(ticks.size()).isGreaterThan((int) OUTAGE.toSeconds());
  }

  private void handle(JobScheduler node) {
    node.handle("tick", ticks::add);
    node.handle("report", this::report);
  }

  /** The first run lasts until it is interrupted. */
  private void report(JobRun run) throws Exception {
    fence.admit("report", run.token(), FenceMode.EXCLUSIVE);
    reports.add(run);
    if (reports.element() == run) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        validWhenInterrupted.complete(run.isValid());
        throw e;
      }
    }
  }

  private static Map<String, String> idsIn(JobLedger ledger) throws InterruptedException {
    return ledger.nodes().stream()
        .collect(Collectors.toMap(JobNode::label, JobNode::id, (one, other) -> one + other));
  }

  private JobScheduler start(ZkClient client) {
    JobScheduler scheduler = JobScheduler.builder(client)
        .history(HistorySink.none())
        .patience(Duration.ofMillis(200))
        .start();
    made.add(scheduler);
    return scheduler;
  }

  private ZkClient own(String label) throws InterruptedException {
    ZkClient client = ZkClient.builder(server.connectString())
        .connectTimeout(LONG)
        .sessionTimeout(SESSION)
        .label(label)
        .connect();
    made.add(client);
    return client;
  }

  private ZkClient overCurator(String label) throws InterruptedException {
    CuratorFramework curator = CuratorFrameworkFactory.builder()
        .connectString(server.connectString())
        .sessionTimeoutMs((int) SESSION.toMillis())
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false)
        .build();
    ZkClient client = ZkClient.owning(curator).label(label).connect();
    made.add(client);
    return client;
  }
}
