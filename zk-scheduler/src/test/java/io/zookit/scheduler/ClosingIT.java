package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that are closed while their clients, and so their sessions, live on: they leave nothing behind. */
@Timeout(500)
@Tag("full")
class ClosingIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final List<AutoCloseable> made = new ArrayList<>();
  private final AtomicInteger ofTheOther = new AtomicInteger();
  private String root = "";
  private JobScheduler other;
  private JobLedger ledger;

  @BeforeAll
  static void waitLong() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @BeforeEach
  void open() {
    root = zooKeeper.freshRoot();
    other = start(zooKeeper.connectString(), "other", Duration.ZERO);
    ledger = JobLedger.in(client(zooKeeper.connectString(), "ledger"));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = made.size() - 1; i >= 0; i--) {
      made.get(i).close();
    }
  }

  private ZkClient client(String address, String label) {
    ZkClient client = ZkClient.builder(address)
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .connect();
    made.add(client);
    return client;
  }

  private JobScheduler start(String address, String label, Duration patience) {
    JobScheduler scheduler = JobScheduler.builder(client(address, label))
        .history(HistorySink.none())
        .patience(patience)
        .start();
    made.add(scheduler);
    return scheduler;
  }

  @Test
  void close_claimNotAnsweredYet_isRunAndTheOtherNodeGoesOn() throws Exception {
    FaultProxy proxy = FaultProxy.to(zooKeeper.server());
    made.add(proxy);
    JobScheduler one = start(proxy.connectString(), "one", Duration.ofSeconds(20));
    AtomicInteger runs = new AtomicInteger();
    one.handle("tick", run -> runs.incrementAndGet());
    ledger.define(Job.named("tick").on(Schedule.every(Duration.ofSeconds(1))));
    await().until(() -> runs.get() > 0);
    proxy.delayReplies(Duration.ofMillis(300));
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !ledger.find("tick").orElseThrow().running().isEmpty());
    one.close();
    goesOn("tick");
    assertThat(ledger.history("tick")).noneMatch(end -> end.outcome() == SlotOutcome.ORPHANED);
  }

  @Test
  void close_interrupted_waitsForItsRunsAllTheSame() throws Exception {
    JobScheduler one = start(zooKeeper.connectString(), "one", Duration.ofSeconds(20));
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    one.handle("short", run -> {
      started.countDown();
      try {
        new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted.incrementAndGet();
      }
    });
    ledger.define(Job.named("short"));
    ledger.trigger("short");
    started.await();
    Thread.currentThread().interrupt();
    one.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted).hasValue(0);
    assertThat(ledger.history("short"))
        .singleElement()
        .satisfies(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.RAN));
  }

  @Test
  void close_runThatDoesNotEnd_hasItsEndWhenItDoes() throws Exception {
    JobScheduler one = start(zooKeeper.connectString(), "one", Duration.ZERO);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    one.handle("long", run -> {
      started.countDown();
      awaitDeafly(release);
    });
    ledger.define(Job.named("long"));
    ledger.trigger("long");
    started.await();
    one.close();
    await().until(() -> ledger.nodes().size() == 1);
    release.countDown();
    await().until(() -> ledger.history("long").size() == 1);
    assertThat(ledger.history("long").get(0).outcome()).isEqualTo(SlotOutcome.FAILED);
    ledger.trigger("long");
    goesOn("long");
  }

  private static void awaitDeafly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // goes on all the same
      }
    }
  }

  private void goesOn(String job) {
    other.handle(job, run -> ofTheOther.incrementAndGet());
    await().until(() -> ofTheOther.get() > 0);
  }
}
