package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.Job.Difference;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Definitions that differ from the stored one: kept, refused or replaced, also by several nodes at a time. */
@Timeout(300)
@Tag("full")
class DefinitionsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Job NIGHTLY = Job.named("nightly").cron("0 15 2 1 1 ?", BERLIN);
  private static final Job CHANGED =
      NIGHTLY.cron("0 30 2 1 1 ?", BERLIN).maxRunTime(Duration.ofMinutes(5));
  private static final List<Difference> DIFFERENCES = List.of(
      new Difference("schedule", "0 15 2 1 1 ? in Europe/Berlin", "0 30 2 1 1 ? in Europe/Berlin"),
      new Difference("maxRunTime", "none", "PT5M"));

  private final List<AutoCloseable> open = new ArrayList<>();
  private String root = "";
  private JobLedger ledger;

  @BeforeEach
  void open() {
    root = zooKeeper.freshRoot();
    ledger = JobLedger.in(client(zooKeeper.connectString()));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private ZkClient client(String address) {
    return keep(ZkClient.builder(address).connectTimeout(LONG).root(root).connect());
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.add(resource);
    return resource;
  }

  private JobScheduler node() {
    return keep(JobScheduler.builder(client(zooKeeper.connectString()))
        .history(HistorySink.none())
        .patience(Duration.ofMillis(200))
        .start());
  }

  @Test
  void define_differentOne_isRefusedWithTheDifferencesAndTheWaysOut() throws Exception {
    ledger.define(NIGHTLY);

    assertThatThrownBy(() -> ledger.define(CHANGED))
        .isInstanceOfSatisfying(
            JobConflictException.class,
            refused -> assertThat(refused.differences()).isEqualTo(DIFFERENCES))
        .hasMessageContaining("job nightly: the stored definition, version 0, differs")
        .hasMessageContaining(
            "schedule: 0 15 2 1 1 ? in Europe/Berlin → 0 30 2 1 1 ? in Europe/Berlin; maxRunTime: none → PT5M")
        .hasMessageContaining("replace(job, 0)")
        .hasMessageContaining("DefinitionPolicy.REPLACE")
        .hasMessageContaining("DefinitionPolicy.CREATE");
    assertThat(ledger.find("nightly").orElseThrow().job()).isEqualTo(NIGHTLY);
  }

  @Test
  void define_create_keepsTheStoredOne() throws Exception {
    assertThat(ledger.define(NIGHTLY, DefinitionPolicy.CREATE).version()).isZero();

    JobView kept = ledger.define(CHANGED, DefinitionPolicy.CREATE);

    assertThat(kept.job()).isEqualTo(NIGHTLY);
    assertThat(kept.version()).isZero();
    assertThat(ledger.find("nightly").orElseThrow()).isEqualTo(kept);
  }

  @Test
  void replace_inAnotherVersion_isRefusedWithTheDifferencesAndTheWaysOut() throws Exception {
    assertThatThrownBy(() -> ledger.replace(NIGHTLY, 7))
        .isInstanceOf(JobConflictException.class)
        .hasMessage("job nightly: is not defined (expected: version 7); define(job) creates it");
    ledger.define(NIGHTLY);

    assertThatThrownBy(() -> ledger.replace(CHANGED, 7))
        .isInstanceOfSatisfying(
            JobConflictException.class,
            refused -> assertThat(refused.differences()).isEqualTo(DIFFERENCES))
        .hasMessageContaining(
            "is in version 0 (expected: version 7); differences (stored → given):")
        .hasMessageContaining("replace(job) replaces it in any version");
    JobView replaced = ledger.replace(CHANGED, 0);
    assertThat(replaced.job()).isEqualTo(CHANGED);
    assertThat(replaced.version()).isEqualTo(1);
    assertThat(ledger.find("nightly").orElseThrow()).isEqualTo(replaced);
  }

  @Test
  void define_deletedJob_isDefinedByEveryPolicy() throws Exception {
    int version = -1;
    for (DefinitionPolicy policy : DefinitionPolicy.values()) {
      JobView defined = ledger.define(NIGHTLY, policy);
      assertThat(defined.version()).as(policy.toString()).isGreaterThan(version);
      assertThat(ledger.find("nightly").orElseThrow()).isEqualTo(defined);
      version = defined.version();
      assertThat(ledger.delete("nightly")).isTrue();
    }
  }

  @Test
  void schedule_changedDefinition_isInForceAndHandled() throws Exception {
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    node().schedule(NIGHTLY, run -> {});
    JobScheduler next = node();

    Subscription handled = next.schedule(CHANGED.needsVersion(2), runs::add);

    assertThat(ledger.find("nightly").orElseThrow().job()).isEqualTo(CHANGED.needsVersion(2));
    ledger.trigger("nightly", "t1", Map.of());
    await().atMost(LONG).until(() -> runs.size() == 1);
    handled.close();
    next.handle("nightly", run -> {}); // the name is free again
    assertThat(ledger.find("nightly")).isPresent();
  }

  @Test
  void schedule_refusedDefinition_registersNoHandler() throws Exception {
    ledger.define(NIGHTLY);
    JobScheduler node = node();

    assertThatThrownBy(() -> node.schedule(CHANGED, DefinitionPolicy.VALIDATE, run -> {}))
        .isInstanceOf(JobConflictException.class);

    node.schedule(CHANGED, DefinitionPolicy.CREATE, run -> {});
    assertThatThrownBy(() -> node.schedule(NIGHTLY, run -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Each node has a definition of its own; all succeed, and one of these definitions is in force in one version. */
  @Test
  void schedule_fromTwoNodesAtATime_succeedsOnBothAndLeavesOneDefinition() throws Exception {
    List<JobScheduler> nodes = List.of(node(), node());
    for (int round = 0; round < 10; round++) {
      String name = "job-" + round;
      List<Job> jobs = List.of(
          Job.named(name).cron("0 0 3 1 1 ?", BERLIN), Job.named(name).cron("0 0 4 1 1 ?", BERLIN));
      CyclicBarrier together = new CyclicBarrier(2);
      List<CompletableFuture<Void>> done = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        JobScheduler node = nodes.get(i);
        Job job = jobs.get(i);
        done.add(CompletableFuture.runAsync(() -> schedule(together, node, job)));
      }
      for (CompletableFuture<Void> each : done) {
        each.get(LONG.toSeconds(), TimeUnit.SECONDS);
      }
      JobView stored = ledger.find(name).orElseThrow();
      assertThat(jobs).contains(stored.job());
      assertThat(stored.version()).as("a replacement each at most").isLessThanOrEqualTo(1);
      Verification verified = ledger.verify(name, Instant.EPOCH, Instant.now());
      assertThat(verified.isClean()).isTrue();
    }
  }

  private static void schedule(CyclicBarrier together, JobScheduler node, Job job) {
    try {
      together.await(LONG.toSeconds(), TimeUnit.SECONDS);
      node.schedule(job, run -> {});
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The server has the commit, the client not its answer: the definition is stored once. */
  @Test
  void define_lostAnswer_isStoredOnce() throws Exception {
    FaultProxy proxy = keep(FaultProxy.to(zooKeeper.server()));
    JobLedger cut = JobLedger.in(client(proxy.connectString()));
    cut.find("nightly"); // connected
    for (DefinitionPolicy policy : DefinitionPolicy.values()) {
      Job job = Job.named("lost-" + policy).cron("0 15 2 1 1 ?", BERLIN);
      ledger.define(job);
      ledger.delete(job.name());
      int deleted = ledger.define(job).version();
      ledger.delete(job.name());
      Fault lost = proxy.cutAfter(Op.MULTI, 1);
      JobView defined = cut.define(job, policy);
      assertThat(lost.landed()).isTrue();
      assertThat(defined.job()).isEqualTo(job);
      assertThat(defined.version()).as("after a deletion").isEqualTo(deleted + 2);
    }
    ledger.define(NIGHTLY);
    Fault lost = proxy.cutAfter(Op.MULTI, 1);
    JobView replaced = cut.replace(CHANGED, 0);
    assertThat(lost.landed()).isTrue();
    assertThat(replaced.job()).isEqualTo(CHANGED);
    assertThat(replaced.version()).isEqualTo(1);
  }
}
