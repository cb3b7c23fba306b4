package io.zookit.samples.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedReadWriteLock;
import io.zookit.lock.DistributedSemaphore;
import io.zookit.lock.StateCell;
import io.zookit.lock.barrier.DistributedCountDownLatch;
import io.zookit.lock.barrier.DistributedDoubleBarrier;
import io.zookit.lock.election.Leader;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobNode;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads the nodes that the first version stored and continues from them; nodes of a later version are read or refused
 * as documented.
 */
@Timeout(400)
@Tag("full")
class RecordedNodesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String FIRST = "{\"v\":1,\"r\":1";
  private static final String RECORDED = "nodes-1.txt";

  @TempDir
  Path folder = Path.of("");

  private ZooKeeper other;
  private String root;

  @BeforeEach
  void connect() throws Exception {
    other = Outsider.at(zooKeeper.connectString());
    root = zooKeeper.freshRoot();
  }

  @AfterEach
  void disconnect() throws Exception {
    other.close();
  }

  @Test
  void nodes_ofFormat1_areReadAndGoneOnWith() throws Exception {
    readAndGoOn(RecordedNodes.read(RECORDED));
  }

  @Test
  void nodes_ofThisVersion_areReadAndGoneOnWith() throws Exception {
    String fresh = zooKeeper.freshRoot() + "-fresh";
    RecordedNodes nodes;
    try (ZkClient one = client(fresh, "one");
        ZkClient two = client(fresh, "two");
        Everything all = Everything.by(one, two, folder)) {
      nodes = RecordedNodes.below(other, fresh);
      assertThat(all).isNotNull();
    }
    Path file = Path.of("target", "recorded", "nodes.txt");
    Files.createDirectories(file.getParent());
    Files.writeString(file, nodes.text());
    readAndGoOn(nodes);
  }

  @Test
  void records_ofALaterVersionThatThisOneMayRead_areReadAndGoneOnWith() throws Exception {
    RecordedNodes nodes = RecordedNodes.read(RECORDED);
    int changed = nodes.changeRecords(
        text -> "{\"v\":2,\"r\":1,\"later\":{\"a\":[1,null]}" + text.substring(FIRST.length()));
    System.out.println(changed + " records with a field more");
    assertThat(changed).isGreaterThan(30);
    readAndGoOn(nodes);
  }

  @Test
  void records_thatNeedALaterVersion_areRefusedAsTheTableSays() throws Exception {
    RecordedNodes nodes = RecordedNodes.read(RECORDED);
    nodes.load(other, root);
    try (ZkClient client = client(root, "later")) {
      for (String path : Outsider.tree(other, root).keySet()) {
        byte[] data = other.getData(path, false, null);
        String text = new String(data, java.nio.charset.StandardCharsets.UTF_8);
        if (text.startsWith(FIRST) && !path.endsWith("/~incarnation")) {
          other.setData(
              path, HostileBytes.bytes("{\"v\":2,\"r\":2" + text.substring(FIRST.length())), -1);
        }
      }
      locksAreRefused(client);
      servicesAreSkipped(client);
      jobsAreLeftAlone(client);
    }
  }

  private void readAndGoOn(RecordedNodes nodes) throws Exception {
    nodes.load(other, root);
    try (ZkClient client = client(root, "later")) {
      assertThat(client.incarnation()).isEqualTo(1);
      locksAreRead(client);
      servicesAreRead(client);
      jobsAreRead(client);
      nodes.endSessions(other, root);
      locksGoOn(client);
      jobsGoOn(client);
    }
  }

  private static void locksAreRead(ZkClient client) throws Exception {
    LockInspector inspector = LockInspector.in(client);
    assertThat(inspector.list())
        .contains("alone/nested", "rw", "several-a", "permits", "robust", "cell", "leader");
    LockReport report = inspector.show("alone/nested");
    assertThat(report.holders()).hasSize(1);
    assertThat(report.waiters()).hasSize(1);
    assertThat(report.holders().get(0).owner()).isPresent();
    assertThat(inspector.show("permits").permits().orElseThrow().maximum()).isEqualTo(3);
    assertThat(inspector.show("permits").permits().orElseThrow().inUse()).isEqualTo(2);
    assertThat(DistributedLock.named("alone/nested", client).tryAcquire()).isEmpty();
    assertThat(DistributedReadWriteLock.named("rw", client).writeLock().tryAcquire())
        .isEmpty();
    DistributedReadWriteLock.named("rw", client)
        .readLock()
        .tryAcquire()
        .orElseThrow()
        .close();
    assertThat(DistributedSemaphore.named("permits", 9, client).tryAcquire(2)).isEmpty();
    DistributedSemaphore.named("permits", 9, client).tryAcquire(1).orElseThrow().close();
    assertThat(DistributedCountDownLatch.named("latch/nested", 9, client)
            .remaining()
            .get(30, TimeUnit.SECONDS))
        .isEqualTo(1);
    try (LiveValue<Optional<Leader>> leader =
        LeaderElection.named("leader", client).follow().awaitReady(LONG)) {
      assertThat(leader.current().orElseThrow().label()).isEqualTo("two");
    }
  }

  private static void locksGoOn(ZkClient client) throws Exception {
    DistributedLock.named("alone/nested", client).acquire(LONG).close();
    DistributedReadWriteLock.named("rw", client).writeLock().acquire(LONG).close();
    DistributedSemaphore.named("permits", 9, client).acquire(3, LONG).close();
    try (var robust = DistributedLock.builder("robust", client).robust().build().acquire(LONG)) {
      assertThat(robust.previousOwnerDied()).isTrue();
    }
    assertThat(StateCell.named("cell", client).update(LONG, value -> value)).containsExactly(7);
    DistributedCountDownLatch latch = DistributedCountDownLatch.named("latch/nested", 9, client);
    latch.countDown().get(30, TimeUnit.SECONDS);
    assertThat(latch.remaining().get(30, TimeUnit.SECONDS)).isZero();
    DistributedDoubleBarrier.named("barrier", 1, client).enter(LONG).close();
  }

  private static void servicesAreRead(ZkClient client) throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(client);
    try (ServiceView view = registry.discover("shop").awaitReady(LONG)) {
      ServiceInstance instance = view.current().get(0);
      assertThat(view.current()).hasSize(1);
      assertThat(instance.address()).isEqualTo("10.0.0.7:8080");
      assertThat(instance.zone()).contains("a");
      assertThat(instance.metadata()).containsEntry("k", "v");
    }
    assertThat(registry
            .policy("shop")
            .read()
            .rule("i1", Instant.now())
            .orElseThrow()
            .weight())
        .contains(5);
    assertThat(registry.consumers("shop")).hasSize(1);
  }

  private static void jobsAreRead(ZkClient client) throws Exception {
    JobLedger ledger = JobLedger.in(client);
    assertThat(ledger.list())
        .extracting(view -> view.job().name())
        .containsExactly("alone", "often", "outside", "parts", "tick", "unhandled");
    assertThat(ledger.history("tick"))
        .isNotEmpty()
        .allMatch(run -> run.outcome() == SlotOutcome.RAN);
    assertThat(ledger.find("alone").orElseThrow().running()).hasSize(1);
    assertThat(ledger.find("unhandled").orElseThrow().paused()).isEqualTo("later");
    assertThat(ledger.nodes()).extracting(JobNode::label).containsExactly("n1");
  }

  private static void jobsGoOn(ZkClient client) throws Exception {
    AtomicInteger ticks = new AtomicInteger();
    try (JobScheduler node =
        JobScheduler.builder(client).label("n2").history(HistorySink.none()).start()) {
      node.handle("tick", run -> ticks.incrementAndGet());
      node.handle("unhandled", run -> ticks.addAndGet(1_000));
      for (String job : List.of("alone", "parts", "often")) {
        node.handle(job, run -> {});
      }
      await().atMost(LONG).until(() -> ticks.get() > 1_002);
      await()
          .atMost(LONG)
          .until(() -> node.history("alone").stream()
              .map(RunRecord::outcome)
              .toList()
              .equals(List.of(SlotOutcome.ORPHANED)));
    }
  }

  private static void locksAreRefused(ZkClient client) throws Exception {
    LockInspector inspector = LockInspector.in(client);
    assertThat(inspector.show("alone/nested").holders()).hasSize(1); // regardless of the holder
    assertThat(DistributedLock.named("alone/nested", client).tryAcquire()).isEmpty();
    assertThatThrownBy(() -> DistributedSemaphore.named("permits", 3, client).tryAcquire(1))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("permits");
    assertThatThrownBy(() -> DistributedCountDownLatch.named("latch/nested", 2, client)
            .remaining()
            .get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ZkException.class);
    assertThatThrownBy(
            () -> DistributedDoubleBarrier.named("barrier", 1, client).enter(LONG))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("barrier");
  }

  private static void servicesAreSkipped(ZkClient client) throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(client);
    assertThatThrownBy(() -> registry.policy("shop").read())
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("newer version");
    assertThat(registry.consumers("shop").get(0).name()).contains("@"); // that of the node
  }

  private static void jobsAreLeftAlone(ZkClient client) throws Exception {
    JobLedger ledger = JobLedger.in(client);
    for (String job : List.of("alone", "tick", "unhandled")) {
      assertThatThrownBy(() -> ledger.find(job)).isInstanceOf(ZkException.class);
      assertThatThrownBy(() -> ledger.trigger(job)).isInstanceOf(ZkException.class);
    }
    assertThat(ledger.nodes()).isEmpty();
    AtomicInteger runs = new AtomicInteger();
    try (JobScheduler node =
        JobScheduler.builder(client).label("n2").history(HistorySink.none()).start()) {
      node.handle("tick", run -> runs.incrementAndGet());
      node.handle("other", run -> runs.addAndGet(1_000));
      node.define(io.zookit.scheduler.Job.named("other"));
      node.trigger("other");
      await().atMost(LONG).until(() -> runs.get() >= 1_000);
      Optional<JobView> view = node.find("other");
      assertThat(view).isPresent();
    }
    assertThat(runs).hasValue(1_000);
  }

  private static ZkClient client(String root, String label) {
    return ZkClient.builder(zooKeeper.connectString())
        .root(root)
        .label(label)
        .connectTimeout(LONG)
        .connect();
  }
}
