package io.zookit.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.core.FencingToken;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedReadWriteLock;
import io.zookit.lock.DistributedSemaphore;
import io.zookit.lock.Lease;
import io.zookit.lock.StateCell;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.Verification;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkProcesses;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Runs every module against servers of the previous line: three processes of ZooKeeper 3.8. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("nightly")
class OldServersIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  private ZkProcesses servers;
  private ZkClient one;
  private ZkClient two;

  @BeforeAll
  void start() throws Exception {
    try (Stream<Path> jars = Files.list(Path.of("target", "zookeeper-3.8"))) {
      servers = ZkProcesses.servers(3)
          .zooKeeperJars(jars.map(Path::toAbsolutePath).toArray(Path[]::new))
          .start();
    }
  }

  @AfterAll
  void stop() {
    servers.close();
  }

  @BeforeEach
  void connect() {
    one = ZkClient.builder(servers.connectString()).connectTimeout(LONG).connect();
    two = ZkClient.builder(servers.connectString()).connectTimeout(LONG).connect();
  }

  @AfterEach
  void disconnect() {
    one.close();
    two.close();
  }

  @Test
  void servers_areOfTheLineBefore() throws Exception {
    assertThat(Files.readString(servers.log(0))).contains("zookeeper.version=3.8.");
  }

  @Test
  void lock_twoClients_takeTurnsWithRisingTokens() throws Exception {
    Lease first = DistributedLock.named("turns", one).acquire(LONG);
    CompletableFuture<Lease> second = DistributedLock.named("turns", two).acquireAsync();
    assertThat(DistributedLock.named("turns", two).tryAcquire()).isEmpty();
    FencingToken token = first.token();
    first.close();
    try (Lease next = second.get(30, TimeUnit.SECONDS)) {
      assertThat(next.token()).isGreaterThan(token);
    }
  }

  @Test
  void severalLocks_inOneTransaction_excludeEachOfThem() throws Exception {
    DistributedLock several = DistributedLock.several(one)
        .exclusive("a")
        .shared("b")
        .permits("c", 2, 3)
        .build();
    FencingToken before;
    try (Lease a = DistributedLock.named("a", two).acquire(LONG)) {
      before = a.token();
    }
    try (Lease all = several.acquire(LONG)) {
      assertThat(all.token()).isGreaterThan(before);
      assertThat(DistributedLock.named("a", two).tryAcquire()).isEmpty();
      assertThat(DistributedReadWriteLock.named("b", two).writeLock().tryAcquire())
          .isEmpty();
      assertThat(DistributedSemaphore.named("c", 3, two).tryAcquire(2)).isEmpty();
      DistributedSemaphore.named("c", 3, two).tryAcquire(1).orElseThrow().close();
    }
  }

  @Test
  void cell_twoWriters_loseNothing() throws Exception {
    for (ZkClient client : List.of(one, two, one)) {
      StateCell.named("cell", client)
          .update(
              LONG,
              value -> (new String(value, StandardCharsets.UTF_8) + "x")
                  .getBytes(StandardCharsets.UTF_8));
    }
    byte[] read = StateCell.named("cell", two).update(LONG, value -> value);
    assertThat(read).asString(StandardCharsets.UTF_8).isEqualTo("xxx");
  }

  @Test
  void service_comesAndGoes_isSeen() throws Exception {
    try (ServiceView view = ServiceRegistry.in(two).discover("shop")) {
      view.awaitReady(LONG);
      Registration mine =
          ServiceRegistry.in(one).register(ServiceInstance.at("shop", "10.0.0.7", 8080));
      await().atMost(LONG).until(() -> view.current().size() == 1);
      mine.close();
      await().atMost(LONG).until(() -> view.current().isEmpty());
    }
  }

  @Test
  void view_closed_leavesNoWatchBehind() throws Exception {
    try (FaultProxy door = FaultProxy.to(servers.connectString(0));
        ZkClient passing =
            ZkClient.builder(door.connectString()).connectTimeout(LONG).connect()) {
      ServiceRegistry.in(passing).discover("left").awaitReady(LONG).close();
      // Two writes through the same server: what was asked for before the first, and what others
      // wrote before the second,
      // has been done there by then.
      register(passing, "first");
      register(one, "left");
      register(passing, "second");
      assertThat(door.requests(Op.REMOVE_WATCHES)).isOne();
      assertThat(door.counts().watchEvents()).isZero();
    }
  }

  private static void register(ZkClient client, String service) throws Exception {
    ServiceRegistry.in(client)
        .register(ServiceInstance.at(service, "10.0.0.7", 8080))
        .awaitRegistered(LONG);
  }

  @Test
  void configuration_publishedAndRolledBack_isFollowed() throws Exception {
    Namespace ns = Namespace.of("prod", "shop", "limits");
    ConfigStore store = ConfigStore.in(one);
    try (LiveValue<ConfigSnapshot> live = ConfigStore.in(two).follow(ns)) {
      Release first = store.publish(ns, Content.properties("most=1"), Change.by("ana"));
      store.publish(ns, Content.properties("most=2"), Change.by("ana"));
      live.awaitReady(LONG);
      await().atMost(LONG).until(() -> live.current().get("most").equals(Optional.of("2")));
      assertThat(store.rollback(ns, first.number(), Change.by("ana")).number())
          .isEqualTo(first.number() + 2);
    }
  }

  @Test
  void job_twoNodes_runsEachTickOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    try (JobScheduler here = JobScheduler.start(one);
        JobScheduler there = JobScheduler.start(two)) {
      for (JobScheduler node : List.of(here, there)) {
        node.handle("tick", run -> runs.incrementAndGet());
      }
      Instant begun = Instant.now();
      here.define(Job.named("tick").cron("* * * * * ?", ZoneId.of("UTC")).exclusive());
      await().atMost(LONG).until(() -> runs.get() >= 3);
      here.pause("tick", "enough");
      Verification found = here.verify("tick", begun, Instant.now());
      assertThat(found.gaps()).isEmpty();
      assertThat(found.duplicates()).isEmpty();
    }
  }
}
