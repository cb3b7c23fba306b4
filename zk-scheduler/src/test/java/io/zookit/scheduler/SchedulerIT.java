package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs on two nodes over a real server. */
@Timeout(500)
class SchedulerIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Instant ALWAYS = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FOREVER = Instant.parse("2100-01-01T00:00:00Z");

  private final List<AutoCloseable> made = new ArrayList<>();
  private JobScheduler one;
  private JobScheduler two;
  private JobLedger ledger;

  @BeforeAll
  static void waitLong() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @BeforeEach
  void open() {
    String root = zooKeeper.freshRoot();
    one = start(root, "one");
    two = start(root, "two");
    ledger = JobLedger.in(client(root, "ledger"));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = made.size() - 1; i >= 0; i--) {
      made.get(i).close();
    }
  }

  private ZkClient client(String root, String label) {
    ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .connect();
    made.add(client);
    return client;
  }

  private JobScheduler start(String root, String label) {
    JobScheduler scheduler = JobScheduler.builder(client(root, label))
        .history(HistorySink.none())
        .patience(Duration.ofMillis(200))
        .start();
    made.add(scheduler);
    return scheduler;
  }

  private void handle(String name, JobHandler handler) {
    one.handle(name, handler);
    two.handle(name, handler);
  }

  @Test
  @Tag("full")
  void job_everySecondOnTwoNodes_runsEachSlotOnce() throws Exception {
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    handle("tick", runs::add);
    ledger.define(Job.named("tick").on(Schedule.every(Duration.ofSeconds(1))).exclusive());
    await().until(() -> runs.size() >= 4);
    List<JobRun> all = List.copyOf(runs);
    assertThat(all.stream().map(JobRun::slot)).doesNotHaveDuplicates();
    assertThat(all.stream().map(JobRun::token)).isSortedAccordingTo(FencingToken::compareTo);
    assertThat(all.get(1).previousTime())
        .isBetween(all.get(0).scheduledTime(), all.get(1).scheduledTime().minusSeconds(1));
    await().untilAsserted(() -> {
      Verification found = ledger.verify("tick", ALWAYS, FOREVER);
      assertThat(found.isClean()).isTrue();
      assertThat(found.outcomes().get("RAN")).isGreaterThanOrEqualTo(4);
    });
    assertThat(ledger.history("tick").get(0).outcome()).isEqualTo(SlotOutcome.RAN);
    assertThat(ledger.nodes()).extracting(JobNode::label).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void define_again_changesNothingAndADifferentOneIsRefused() throws Exception {
    Job job = Job.named("a").cron("0 15 2 * * ?", ZoneId.of("Europe/Berlin"));
    JobView first = ledger.define(job);
    assertThat(ledger.define(job).version()).isEqualTo(first.version());
    Job other = job.sharded(4);
    assertThatThrownBy(() -> ledger.define(other)).isInstanceOf(JobConflictException.class);
    assertThatThrownBy(() -> ledger.replace(other, first.version() + 1))
        .isInstanceOf(JobConflictException.class);
    assertThat(ledger.replace(other, first.version()).job()).isEqualTo(other);
    assertThat(ledger.list()).hasSize(1);
    assertThatThrownBy(() -> ledger.define(Job.named("b").on(Schedule.once(ALWAYS))))
        .hasMessageContaining("never fire");
  }

  @Test
  void next_overAChangeOfClocks_saysSo() throws Exception {
    ledger.define(Job.named("a").cron("0 30 2 * * ?", ZoneId.of("Europe/Berlin")));
    List<NextRun> next = ledger.next("a", 400);
    assertThat(next).hasSize(400);
    assertThat(next.stream().map(NextRun::note).filter(note -> !note.isEmpty()))
        .anyMatch(note -> note.contains("does not exist"))
        .anyMatch(note -> note.contains("comes twice"));
  }

  @Test
  @Tag("full")
  void pause_thenResume_skipsTheSlotsBetween() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    handle("tick", run -> runs.incrementAndGet());
    ledger.define(Job.named("tick").on(Schedule.every(Duration.ofMillis(500))));
    await().until(() -> runs.get() > 1);
    ledger.pause("tick", "maintenance");
    await().until(() -> ledger.find("tick").orElseThrow().running().isEmpty());
    int before = runs.get();
    Instant watermark = ledger.find("tick").orElseThrow().watermark();
    assertThat(ledger.find("tick").orElseThrow().paused()).isEqualTo("maintenance");
    await().pollDelay(Duration.ofMillis(1_600)).until(() -> true);
    assertThat(runs.get()).isEqualTo(before);
    assertThat(ledger.find("tick").orElseThrow().watermark()).isEqualTo(watermark);
    ledger.resume("tick");
    await().until(() -> runs.get() > before + 1);
    Verification found = ledger.verify("tick", ALWAYS, FOREVER);
    assertThat(found.isClean()).isTrue();
    assertThat(found.outcomes().get("SKIPPED(PAUSED)")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void trigger_repeatedWithOneId_runsOnce() throws Exception {
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    handle("report", runs::add);
    ledger.define(Job.named("report").parameters(Map.of("region", "all")));
    assertThat(ledger.trigger("report", "r1", Map.of("region", "north"))).isTrue();
    await().until(() -> runs.size() == 1);
    assertThat(ledger.trigger("report", "r1", Map.of())).isFalse();
    ledger.trigger("report");
    await().until(() -> runs.size() == 2);
    assertThat(runs.peek().isManual()).isTrue();
    assertThat(runs.peek().parameters()).containsEntry("region", "north");
    await().until(() -> ledger.history("report").size() == 2);
    assertThatThrownBy(() -> ledger.trigger("nothing")).isInstanceOf(UnknownJobException.class);
  }

  @Test
  void trigger_whileRunning_waitsForTheEnd() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    handle("slow", run -> {
      runs.incrementAndGet();
      go.await();
    });
    ledger.define(Job.named("slow"));
    ledger.trigger("slow");
    await().until(() -> runs.get() == 1);
    ledger.trigger("slow");
    assertThat(ledger.find("slow").orElseThrow().running()).hasSize(1);
    go.countDown();
    await().until(() -> runs.get() == 2);
  }

  @Test
  @Tag("full")
  void delete_thenDefineAgain_neverRunsTheOldSlots() throws Exception {
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    handle("tick", runs::add);
    Job job = Job.named("tick")
        .on(Schedule.every(Duration.ofMillis(500)))
        .catchUp(CatchUp.runAll(Duration.ofHours(1), 100));
    ledger.define(job);
    await().until(() -> runs.size() > 1);
    int version = ledger.find("tick").orElseThrow().version();
    assertThat(ledger.delete("tick")).isTrue();
    assertThat(ledger.find("tick")).isEmpty();
    assertThat(ledger.delete("tick")).isFalse();
    await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
    int before = runs.size();
    JobView again = ledger.define(job);
    assertThat(again.version()).isGreaterThan(version);
    await().until(() -> runs.size() > before + 1);
    assertThat(List.copyOf(runs).stream().map(JobRun::slot)).doesNotHaveDuplicates();
    assertThat(ledger.verify("tick", ALWAYS, FOREVER).isClean()).isTrue();
  }

  @Test
  void sharded_job_runsEachShardOnceAndThenTheCallback() throws Exception {
    ConcurrentLinkedQueue<String> parts = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<JobRun> done = new ConcurrentLinkedQueue<>();
    JobHandler handler = new JobHandler() {
      @Override
      public void run(JobRun run) {
        parts.add(run.shard() + "=" + run.parameters().get("shard"));
      }

      @Override
      public void onAllShardsDone(JobRun run) {
        done.add(run);
      }
    };
    handle("cities", handler);
    ledger.define(Job.named("cities").sharded(List.of("berlin", "paris", "rome", "oslo")));
    ledger.trigger("cities");
    await().until(() -> done.size() == 1);
    assertThat(parts).containsExactlyInAnyOrder("0=berlin", "1=paris", "2=rome", "3=oslo");
    await().until(() -> ledger.history("cities").size() == 1);
    assertThat(ledger.history("cities").get(0).outcome()).isEqualTo(SlotOutcome.RAN);
    assertThat(zooKeeper.server().nodes()).noneMatch(node -> node.path().contains("/cities/exec/"));
  }

  @Test
  @Tag("full")
  void broadcast_job_runsOnEveryNode() throws Exception {
    Set<String> nodes = java.util.concurrent.ConcurrentHashMap.newKeySet();
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    one.handle("flush", run -> {
      nodes.add("one");
      runs.add(run);
    });
    two.handle("flush", run -> {
      nodes.add("two");
      runs.add(run);
    });
    await().until(() -> ledger.nodes().stream().allMatch(node -> node.handlers().size() == 1));
    ledger.define(Job.named("flush").broadcast());
    // A node that claims a slot may not know the other one yet: members are recorded at
    // the claim.
    AtomicInteger triggers = new AtomicInteger();
    await().pollInterval(Duration.ofMillis(300)).until(() -> {
      ledger.trigger("flush");
      triggers.incrementAndGet();
      return runs.stream().anyMatch(run -> run.members().size() == 2);
    });
    await().until(() -> nodes.size() == 2);
    await().until(() -> ledger.history("flush").size() == Math.min(20, triggers.get()));
    await().until(() -> ledger.find("flush").orElseThrow().running().isEmpty());
    Map<Instant, Long> bySlot = runs.stream()
        .filter(run -> run.members().size() == 2)
        .collect(Collectors.groupingBy(JobRun::scheduledTime, Collectors.counting()));
    await()
        .untilAsserted(() -> assertThat(ledger.history("flush"))
            .filteredOn(end -> bySlot.containsKey(end.slot().instant()))
            .isNotEmpty()
            .allSatisfy(end -> assertThat(end.outcome()).isEqualTo(SlotOutcome.RAN)));
    assertThat(bySlot.values()).as("runs of a slot with two members").containsOnly(2L);
  }

  @Test
  void handler_missingOrTooOld_neverClaims() throws Exception {
    AtomicInteger old = new AtomicInteger();
    AtomicInteger fresh = new AtomicInteger();
    one.handle("deploy", 1, run -> old.incrementAndGet());
    ledger.define(Job.named("deploy").on(Schedule.every(Duration.ofMillis(300))).needsVersion(2));
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    assertThat(old.get()).isZero();
    try (Subscription handling = two.handle("deploy", 2, run -> fresh.incrementAndGet())) {
      await().until(() -> fresh.get() > 1);
      assertThat(handling).isNotNull();
    }
    assertThat(old.get()).isZero();
  }

  @Test
  void run_tooLong_isInterruptedAndTimedOut() throws Exception {
    handle("hang", run -> new CountDownLatch(1).await());
    ledger.define(Job.named("hang").maxRunTime(Duration.ofMillis(200)));
    ledger.trigger("hang");
    await().until(() -> ledger.history("hang").size() == 1);
    assertThat(ledger.history("hang").get(0).outcome()).isEqualTo(SlotOutcome.TIMED_OUT);
  }

  @Test
  void run_failing_isRetriedAndPausesTheJobAfterTooMany() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    handle("flaky", run -> {
      tries.incrementAndGet();
      throw new IllegalStateException("no luck");
    });
    ledger.define(Job.named("flaky")
        .on(Schedule.every(Duration.ofMillis(300)))
        .retry(Retry.attempts(3, Duration.ofMillis(5), Duration.ofMillis(20)))
        .pauseAfter(2));
    await().until(() -> ledger.find("flaky").orElseThrow().isPaused());
    await().until(() -> ledger.find("flaky").orElseThrow().running().isEmpty());
    RunRecord last = ledger.history("flaky").get(0);
    assertThat(last.outcome()).isEqualTo(SlotOutcome.FAILED);
    assertThat(last.attempt()).isEqualTo(3);
    assertThat(last.error()).contains("no luck");
    assertThat(tries.get()).isEqualTo(6);
  }

  @Test
  void cancel_run_interruptsIt() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    handle("long", run -> {
      started.countDown();
      new CountDownLatch(1).await();
    });
    ledger.define(Job.named("long"));
    assertThat(ledger.cancel("long")).isFalse();
    ledger.trigger("long");
    started.await();
    assertThat(ledger.cancel("long")).isTrue();
    await().until(() -> ledger.history("long").size() == 1);
    assertThat(ledger.history("long").get(0).error()).isEqualTo("cancelled");
  }

  @Test
  void after_job_isRunEachTimeTheOtherRan() throws Exception {
    AtomicInteger load = new AtomicInteger();
    AtomicInteger report = new AtomicInteger();
    handle("load", run -> load.incrementAndGet());
    handle("report", run -> report.incrementAndGet());
    ledger.define(Job.named("report").after("load"));
    ledger.define(Job.named("load"));
    ledger.trigger("load");
    await().until(() -> report.get() == 1);
    ledger.trigger("load");
    await().until(() -> report.get() == 2);
    assertThat(load.get()).isEqualTo(2);
  }

  @Test
  @Tag("full")
  void backfill_pastSlots_runsThemAgainAndLeavesTheMark() throws Exception {
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    handle("tick", runs::add);
    ledger.define(Job.named("tick").on(Schedule.every(Duration.ofMillis(300))));
    await().until(() -> runs.size() > 4);
    ledger.pause("tick", "test");
    await().until(() -> ledger.find("tick").orElseThrow().running().isEmpty());
    List<JobRun> past = List.copyOf(runs);
    Instant first = past.get(0).scheduledTime();
    Instant last = past.get(past.size() - 1).scheduledTime();
    int asked = ledger.backfill("tick", first, last);
    assertThat(asked)
        .isEqualTo((int) Duration.between(first, last).dividedBy(Duration.ofMillis(300)));
    await().until(() -> runs.stream().filter(JobRun::isManual).count() == asked);
    await().until(() -> ledger.find("tick").orElseThrow().running().isEmpty());
    assertThat(ledger.backfill("tick", first, last)).isEqualTo(asked);
    await().until(() -> runs.stream().filter(JobRun::isManual).count() == 2L * asked);
    assertThat(ledger.verify("tick", ALWAYS, FOREVER).isClean()).isTrue();
  }

  @Test
  void close_withRunOn_waitsThenHandsOver() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    one.handle("long", run -> {
      started.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.incrementAndGet();
        throw e;
      }
    });
    ledger.define(Job.named("long"));
    ledger.trigger("long");
    started.await();
    one.close();
    assertThat(interrupted.get()).isEqualTo(1);
    await().until(() -> ledger.nodes().size() == 1);
    await().until(() -> ledger.history("long").size() == 1);
    assertThat(ledger.history("long").get(0).outcome()).isEqualTo(SlotOutcome.FAILED);
  }
}
