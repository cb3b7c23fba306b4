package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditEntry;
import io.zookit.core.audit.AuditLog;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The audit of what operators do to jobs: the author, the reason, and one entry for each change. */
@Timeout(300)
class LedgerAuditIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<AutoCloseable> open = new ArrayList<>();
  private String root = "";
  private ZkClient client;
  private JobLedger ledger;

  @BeforeEach
  void open() {
    root = zooKeeper.freshRoot();
    client = client(zooKeeper.connectString());
    ledger = JobLedger.in(client);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private ZkClient client(String address) {
    ZkClient connected =
        ZkClient.builder(address).connectTimeout(LONG).root(root).connect();
    open.add(connected);
    AuditLog.in(connected).signAs("ana");
    return connected;
  }

  private List<String> audited() throws InterruptedException {
    List<AuditEntry> entries = new ArrayList<>(AuditLog.in(client).newest(100));
    Collections.reverse(entries);
    assertThat(entries)
        .allMatch(entry -> entry.by().equals("ana") && entry.problem().isEmpty());
    return entries.stream()
        .map(entry -> entry.action() + " " + entry.target() + ": " + entry.detail())
        .toList();
  }

  @Test
  void changes_withReasons_areEnteredWithThem() throws Exception {
    JobScheduler node = JobScheduler.builder(client).history(HistorySink.none()).start();
    open.add(node);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    node.handle("report", run -> {
      begun.countDown();
      never.await();
    });
    ledger.define(Job.named("report"));
    ledger.pause("report", "the warehouse is closed");
    ledger.resume("report", "it is open");
    ledger.trigger("report", "ticket-17", Map.of(), "the first run was wrong");
    begun.await();
    assertThat(ledger.cancel("report", "takes too long")).isTrue();
    await().atMost(LONG).until(() -> ledger.history("report").size() == 1);
    assertThat(ledger.delete("report", "replaced by nightly")).isTrue();

    assertThat(audited())
        .containsExactly(
            "job.pause report: the warehouse is closed",
            "job.resume report: it is open",
            "job.trigger report: ticket-17: the first run was wrong",
            "job.cancel report: takes too long",
            "job.delete report: replaced by nightly");
  }

  @Test
  void changes_withoutReasonsOrWithoutEffect_areEnteredWithoutThemOrNotAtAll() throws Exception {
    ledger.define(Job.named("report"));
    ledger.pause("report", "first");
    ledger.pause("report", "again");
    ledger.resume("report");
    ledger.resume("report", "again");
    assertThat(ledger.trigger("report", "t1", Map.of())).isTrue();
    assertThat(ledger.trigger("report", "t1", Map.of(), "again")).isFalse();
    assertThat(ledger.cancel("report", "nothing runs")).isFalse();
    assertThat(ledger.delete("report")).isTrue();
    assertThat(ledger.delete("report", "again")).isFalse();

    assertThat(audited())
        .containsExactly(
            "job.pause report: first",
            "job.resume report: ",
            "job.trigger report: t1",
            "job.delete report: ");
  }

  @Test
  void backfill_ofARange_isOneEntryWithItsReason() throws Exception {
    ledger.define(Job.named("tick").on(Schedule.every(Duration.ofMillis(200))));
    JobScheduler node = JobScheduler.builder(client).history(HistorySink.none()).start();
    open.add(node);
    node.handle("tick", run -> {});
    await().atMost(LONG).until(() -> ledger.history("tick").size() > 2);
    Instant from = ledger.history("tick").get(2).slot().instant();

    int slots = ledger.backfill("tick", from, from.plusMillis(200), "lost in the outage");

    assertThat(slots).isEqualTo(1);
    assertThat(audited())
        .singleElement()
        .asString()
        .startsWith("job.trigger tick: backfill of 1 slots from ")
        .endsWith(": lost in the outage");
  }

  @Test
  void pause_lostAnswer_isEnteredOnce() throws Exception {
    FaultProxy proxy = FaultProxy.to(zooKeeper.server());
    open.add(proxy);
    JobLedger cut = JobLedger.in(client(proxy.connectString()));
    ledger.define(Job.named("report"));
    cut.pause("report", "one");
    cut.resume("report", "two");
    Fault lost = proxy.cutAfter(Op.MULTI, 1);

    cut.pause("report", "three");

    assertThat(lost.landed()).isTrue();
    assertThat(ledger.find("report").orElseThrow().paused()).isEqualTo("three");
    assertThat(audited())
        .containsExactly(
            "job.pause report: one", "job.resume report: two", "job.pause report: three");
  }
}
