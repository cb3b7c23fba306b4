package io.zookit.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.FencingToken;
import io.zookit.core.LiveValue;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
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
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Uses every module through an observer, a server that does not vote, while other clients use the voting servers. */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("nightly")
class ObserversIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int OBSERVER = 3;

  private ZkProcesses servers;
  private ZkClient near;
  private ZkClient far;

  @BeforeAll
  void start() {
    servers = ZkProcesses.servers(4).observers(1).start();
  }

  @AfterAll
  void stop() {
    servers.close();
  }

  @BeforeEach
  void connect() {
    near = ZkClient.builder(servers.connectString(0)).connectTimeout(LONG).connect();
    far = ZkClient.builder(servers.connectString(OBSERVER))
        .sessionTimeout(Duration.ofMinutes(1)) // longer than any election
        .connectTimeout(LONG)
        .connect();
  }

  @AfterEach
  void disconnect() {
    near.close();
    far.close();
  }

  @Test
  void server_ofTheFarClient_observes() throws Exception {
    assertThat(Files.readString(servers.log(OBSERVER))).contains("OBSERVING");
    assertThat(servers.leader()).isPresent();
    assertThat(servers.leader().getAsInt()).isNotEqualTo(OBSERVER);
  }

  @Test
  void lock_ofBoth_takesTurnsWithRisingTokens() throws Exception {
    FencingToken last = null;
    for (ZkClient client : List.of(far, near, far, near)) {
      try (Lease lease = DistributedLock.named("turns", client).acquire(LONG)) {
        if (last != null) {
          assertThat(lease.token()).isGreaterThan(last);
        }
        last = lease.token();
        assertThat(DistributedLock.named("turns", far).tryAcquire()).isEmpty();
      }
    }
  }

  @Test
  void lock_heldFarAway_isHandedOverAtItsEnd() throws Exception {
    Lease first = DistributedLock.named("handed", far).acquire(LONG);
    CompletableFuture<Lease> second = DistributedLock.named("handed", near).acquireAsync();
    first.close();
    second.get(30, TimeUnit.SECONDS).close();
    Lease third = DistributedLock.named("handed", near).acquire(LONG);
    CompletableFuture<Lease> fourth = DistributedLock.named("handed", far).acquireAsync();
    third.close();
    fourth.get(30, TimeUnit.SECONDS).close();
  }

  @Test
  void service_registeredAndSeenOnBothSides() throws Exception {
    try (ServiceView here = ServiceRegistry.in(near).discover("shop").awaitReady(LONG);
        ServiceView there = ServiceRegistry.in(far).discover("shop").awaitReady(LONG)) {
      Registration mine =
          ServiceRegistry.in(far).register(ServiceInstance.at("shop", "10.0.0.7", 8080));
      Registration other =
          ServiceRegistry.in(near).register(ServiceInstance.at("shop", "10.0.0.8", 8080));
      await()
          .atMost(LONG)
          .until(() -> here.current().size() == 2 && there.current().size() == 2);
      mine.close();
      other.close();
      await()
          .atMost(LONG)
          .until(() -> here.current().isEmpty() && there.current().isEmpty());
    }
  }

  @Test
  void configuration_publishedFarAway_isFollowedOnBothSides() throws Exception {
    Namespace ns = Namespace.of("prod", "shop", "limits");
    ConfigStore store = ConfigStore.in(far);
    try (LiveValue<ConfigSnapshot> here = ConfigStore.in(near).follow(ns);
        LiveValue<ConfigSnapshot> there = store.follow(ns)) {
      for (int most = 1; most <= 5; most++) {
        store.publish(ns, Content.properties("most=" + most), Change.by("ana"));
      }
      Optional<String> last = Optional.of("5");
      here.awaitReady(LONG);
      there.awaitReady(LONG);
      await().atMost(LONG).until(() -> here.current().get("most").equals(last));
      await().atMost(LONG).until(() -> there.current().get("most").equals(last));
      assertThat(store.history(ns).verify().problems()).isEmpty();
    }
  }

  @Test
  void job_ofNodesOnBothSides_runsEachTickOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    try (JobScheduler here = JobScheduler.start(near);
        JobScheduler there = JobScheduler.start(far)) {
      for (JobScheduler node : List.of(here, there)) {
        node.handle("tick", run -> runs.incrementAndGet());
      }
      Instant begun = Instant.now();
      there.define(Job.named("tick").cron("* * * * * ?", ZoneId.of("UTC")).exclusive());
      await().atMost(LONG).until(() -> runs.get() >= 4);
      there.pause("tick", "enough");
      Verification found = there.verify("tick", begun, Instant.now());
      assertThat(found.gaps()).isEmpty();
      assertThat(found.duplicates()).isEmpty();
    }
  }

  @Test
  void leader_killed_farClientGoesOnInItsSession() throws Exception {
    int leader = servers.awaitLeader(LONG).orElseThrow();
    Lease held = DistributedLock.named("through", far).acquire(LONG);
    FencingToken before = held.token();
    servers.kill(leader);
    try {
      await().atMost(LONG.multipliedBy(2)).until(() -> {
        try (Lease lease = DistributedLock.named("after", far).acquire(LONG)) {
          return lease.token().compareTo(before) > 0;
        } catch (io.zookit.core.ZkException e) {
          return false;
        }
      });
      assertThat(held.isValid()).isTrue();
      assertThat(far.session().state()).isEqualTo(SessionState.CONNECTED);
    } finally {
      held.close();
      servers.heal();
    }
  }
}
