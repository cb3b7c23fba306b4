package io.zookit.samples.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.Verification;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Quotas;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Exhausts a hard quota: creating nodes is refused with a clear message, existing ones keep working and can be
 * released, and everything resumes by itself once the quota allows it.
 */
@Timeout(300)
@Tag("full")
class QuotaIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String ROOT = "/zookit";

  private static ZkProcesses server;

  private ZkClient client;
  private ZooKeeper operator;

  /** A process of its own: a server that has been started before in this one no longer looks at the setting. */
  @BeforeAll
  static void start() throws Exception {
    server = ZkProcesses.servers(1).jvmOptions("-Dzookeeper.enforceQuota=true").start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() throws Exception {
    client = ZkClient.builder(server.connectString()).connectTimeout(LONG).connect();
    operator = new ZooKeeper(server.connectString(), 10_000, event -> {});
  }

  @AfterEach
  void disconnect() throws Exception {
    if (operator.exists(Quotas.limitPath(ROOT), false) != null) {
      makeRoom();
    }
    operator.close();
    client.close();
  }

  @Test
  void lock_withoutRoom_isRefusedAndTheHeldOneGivenBack() throws Exception {
    DistributedLock lock = DistributedLock.named("stock", client);
    Lease held = lock.acquire(LONG);
    fill();

    assertThatThrownBy(() -> lock.acquire(LONG))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("quota is used up");
    assertThat(held.isValid()).isTrue();
    held.close();
    makeRoom();

    try (Lease next = lock.acquire(LONG)) {
      assertThat(next.token()).isGreaterThan(held.token());
    }
  }

  @Test
  void registration_withoutRoom_comesWhenThereIsSome() throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(client);
    registry.register(ServiceInstance.at("shop", "10.0.0.7", 8080)).awaitRegistered(LONG);
    try (ServiceView view = registry.discover("shop").awaitReady(LONG)) {
      fill();
      Registration second = registry.register(ServiceInstance.at("shop", "10.0.0.8", 8080));
      assertThatThrownBy(() -> second.awaitRegistered(Duration.ofSeconds(1)))
          .isInstanceOf(ZkException.class)
          .hasMessageContaining("QUOTAEXCEEDED");
      assertThat(view.current()).hasSize(1);
      makeRoom();

      second.awaitRegistered(LONG);
      await().atMost(LONG).until(() -> view.current().size() == 2);
    }
  }

  @Test
  void publish_withoutRoom_isRefusedAndTheStableReleaseStays() throws Exception {
    Namespace ns = Namespace.of("prod", "shop", "limits");
    ConfigStore store = ConfigStore.in(client);
    int first =
        store.publish(ns, Content.properties("most=1"), Change.by("ana")).number();
    try (LiveValue<ConfigSnapshot> live = store.follow(ns).awaitReady(LONG)) {
      fill();
      assertThatThrownBy(() -> store.publish(ns, Content.properties("most=2"), Change.by("ana")))
          .isInstanceOf(ZkException.class)
          .hasMessageContaining("quota is used up");
      assertThat(live.current().get("most")).contains("1");
      makeRoom();

      assertThat(
              store.publish(ns, Content.properties("most=2"), Change.by("ana")).number())
          .isEqualTo(first + 1);
      await().atMost(LONG).until(() -> live.current().get("most").orElse("").equals("2"));
    }
  }

  @Test
  void job_withoutRoom_goesOnAndEverySlotHasItsFate() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    try (JobScheduler node = JobScheduler.start(client)) {
      node.handle("tick", run -> runs.incrementAndGet());
      Instant begun = Instant.now();
      node.define(Job.named("tick").cron("* * * * * ?", ZoneId.of("UTC")).exclusive());
      await().atMost(LONG).until(() -> runs.get() >= 2);
      fill();
      int before = runs.get();
      await().during(Duration.ofSeconds(3)).atMost(LONG).until(() -> runs.get() <= before + 1);
      makeRoom();

      await().atMost(LONG).until(() -> runs.get() >= before + 4);
      node.pause("tick", "enough");
      Verification found = node.verify("tick", begun, Instant.now());
      assertThat(found.gaps()).isEmpty();
      assertThat(found.duplicates()).isEmpty();
    }
  }

  /** Refuses whatever creates or changes a node of ours, as {@code setquota -N 1} does. */
  private void fill() throws Exception {
    StatsTrack one = new StatsTrack();
    one.setCountHardLimit(1);
    if (operator.exists(Quotas.quotaPath(ROOT), false) == null) {
      create(Quotas.quotaPath(ROOT), "");
      create(Quotas.statPath(ROOT), new StatsTrack().toString());
    }
    create(Quotas.limitPath(ROOT), one.toString());
  }

  private void makeRoom() throws Exception {
    operator.delete(Quotas.limitPath(ROOT), -1);
  }

  private void create(String path, String text) throws Exception {
    operator.create(path, text.getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }
}
