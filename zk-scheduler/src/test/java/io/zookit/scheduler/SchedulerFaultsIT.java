package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.MemoryFence;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real node when its connection or its session fails. */
@Timeout(500)
@Tag("full")
class SchedulerFaultsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Instant ALWAYS = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FOREVER = Instant.parse("2100-01-01T00:00:00Z");

  private final List<AutoCloseable> made = new ArrayList<>();
  private String root = "";

  @BeforeAll
  static void waitLong() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @BeforeEach
  void open() {
    root = zooKeeper.freshRoot();
  }

  @AfterEach
  void close() throws Exception {
    for (int i = made.size() - 1; i >= 0; i--) {
      made.get(i).close();
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    made.add(resource);
    return resource;
  }

  private JobScheduler start(ZkClient client) {
    return keep(JobScheduler.builder(keep(client))
        .history(HistorySink.none())
        .patience(Duration.ofMillis(100))
        .start());
  }

  private ZkClient client(String address, String label) {
    return ZkClient.builder(address)
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .sessionTimeout(Duration.ofSeconds(6))
        .connect();
  }

  /** Each multi of a run is cut once, before and after the server has it: one claim, one end, one outcome. */
  @Test
  void everyCommit_cutBeforeAndAfter_isClaimedAndEndedOnce() throws Exception {
    FaultProxy proxy = keep(FaultProxy.to(zooKeeper.server()));
    JobScheduler node = start(client(proxy.connectString(), "cut"));
    JobLedger ledger = JobLedger.in(keep(client(zooKeeper.connectString(), "ledger")));
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    node.handle("tick", runs::add);
    ledger.define(Job.named("tick")
        .on(Schedule.every(Duration.ofMillis(400)))
        .catchUp(CatchUp.runAll(Duration.ofHours(1), 100)));
    await().until(() -> runs.size() > 1);
    for (int nth = 1; nth <= 4; nth++) {
      Fault after = proxy.cutAfter(Op.MULTI, nth);
      await().until(after::landed);
      Fault before = proxy.cutBefore(Op.MULTI, nth);
      await().until(before::landed);
    }
    int sofar = runs.size();
    await().until(() -> runs.size() > sofar + 2);
    ledger.pause("tick", "check");
    await().until(() -> ledger.find("tick").orElseThrow().running().isEmpty());
    assertThat(List.copyOf(runs).stream().map(JobRun::slot)).doesNotHaveDuplicates();
    Verification found = ledger.verify("tick", ALWAYS, FOREVER);
    assertThat(found.isClean()).isTrue();
    assertThat(found.outcomes().get("RAN")).isEqualTo(runs.size());
  }

  /** The server has the watch and the client does not know: the next connection does not set it again by itself. */
  @Test
  void watchOfAPartition_answerLost_isSetAgain() throws Exception {
    FaultProxy proxy = keep(FaultProxy.to(zooKeeper.server()));
    JobScheduler node = start(client(proxy.connectString(), "cut"));
    JobLedger ledger = JobLedger.in(keep(client(zooKeeper.connectString(), "ledger")));
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    node.handle("late", runs::add);
    await()
        .until(() -> ledger.nodes().stream().anyMatch(each -> each.handlers().containsKey("late")));
    long before = proxy.requests(Op.ADD_WATCH);
    Fault fault = proxy.cutAfter(Op.ADD_WATCH, 1);
    ledger.define(Job.named("late"));
    await().until(fault::landed);
    await().until(() -> proxy.requests(Op.ADD_WATCH) >= before + 2);
    ledger.trigger("late");
    await().until(() -> runs.size() == 1);
  }

  /** The server ends the session while the code runs; the other node goes on, the old run can do no harm. */
  @Test
  void sessionExpiredDuringARun_otherNodeGoesOnAndTheOldRunIsFenced() throws Exception {
    CuratorFramework curator = CuratorFrameworkFactory.builder()
        .connectString(zooKeeper.connectString())
        .sessionTimeoutMs(30_000)
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false)
        .build();
    JobScheduler first =
        start(ZkClient.owning(curator).root(root).label("first").connect());
    JobLedger ledger = JobLedger.in(keep(client(zooKeeper.connectString(), "ledger")));
    ConcurrentLinkedQueue<JobRun> started = new ConcurrentLinkedQueue<>();
    CountDownLatch stubborn = new CountDownLatch(1);
    MemoryFence fence = new MemoryFence();
    ConcurrentLinkedQueue<String> written = new ConcurrentLinkedQueue<>();
    JobHandler handler = run -> {
      started.add(run);
      fence.admit("report", run.token(), FenceMode.EXCLUSIVE);
      if (run.attempt() == 1) {
        awaitStubbornly(stubborn);
        written.add("first");
      } else {
        assertThat(run.lastCheckpoint())
            .hasValueSatisfying(
                data -> assertThat(new String(data, StandardCharsets.UTF_8)).isEqualTo("half"));
        written.add("second");
      }
    };
    first.handle("report", handler);
    ledger.define(Job.named("report").onDeath(OnDeath.rerun(2)));
    ledger.trigger("report");
    await().until(() -> started.size() == 1);
    JobRun old = started.peek();
    old.checkpoint("half".getBytes(StandardCharsets.UTF_8));
    JobScheduler second = start(client(zooKeeper.connectString(), "second"));
    second.handle("report", handler);
    zooKeeper.server().expire(curator.getZookeeperClient().getZooKeeper().getSessionId());
    await().atMost(Duration.ofSeconds(40)).until(() -> written.contains("second"));
    await().until(() -> !old.isValid());
    assertThatThrownBy(() -> fence.admit("report", old.token(), FenceMode.EXCLUSIVE))
        .isInstanceOf(StaleTokenException.class);
    assertThatThrownBy(() -> old.checkpoint("late".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("the claim is lost");
    stubborn.countDown();
    await().until(() -> written.contains("first"));
    await().until(() -> ledger.history("report").size() == 1);
    assertThat(ledger.history("report").get(0).outcome()).isEqualTo(SlotOutcome.RAN);
    assertThat(started).hasSize(2);
  }

  /** A node that was also there under the name of its last session would be waited for, and never come. */
  @Test
  void sessionExpiredOnTheClientFirst_nodeIsThereOnceAndABroadcastGoesOn() throws Exception {
    CuratorFramework curator = CuratorFrameworkFactory.builder()
        .connectString(zooKeeper.connectString())
        .sessionTimeoutMs(6_000)
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false)
        .build();
    JobScheduler node = start(ZkClient.owning(curator).root(root).label("node").connect());
    JobLedger ledger = JobLedger.in(keep(client(zooKeeper.connectString(), "ledger")));
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    node.handle("tick", runs::add);
    ledger.define(Job.named("tick").on(Schedule.every(Duration.ofMillis(400))).broadcast());
    await().until(() -> runs.size() > 1);
    ZooKeeper old = curator.getZookeeperClient().getZooKeeper();
    Sessions.expireOnClient(old);
    await().ignoreExceptions().until(() -> {
      ZooKeeper now = curator.getZookeeperClient().getZooKeeper();
      return now != old && now.getSessionId() != 0;
    });
    int before = runs.size();
    await().until(() -> runs.size() > before + 5);
    await().until(() -> ledger.nodes().size() == 1);
  }

  /** Code that does not listen to its interrupt. */
  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        assertThat(e).isNotNull(); // a job that ignores it: that is what the fence is for
      }
    }
  }
}
