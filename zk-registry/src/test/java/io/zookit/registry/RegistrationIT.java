package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Registrations of a provider, with a healthy connection or none at all. */
class RegistrationIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  RegistrationIT() {
    super(zooKeeper);
  }

  @Test
  void register_knownService_isOneRequest() throws Exception {
    Party provider = join();
    provider.registry.register(instance(1)).awaitRegistered(LONG);
    provider.proxy.resetCounters();
    provider.registry.register(instance(2)).awaitRegistered(LONG);
    PacketCounts counts = provider.proxy.counts();
    // The heartbeat of the session and the patrol for conflicts have their own rhythm.
    long background = counts.requests(Op.EXISTS) + counts.requests(Op.GET_CHILDREN);
    assertThat(counts.total() - background).isEqualTo(1);
    assertThat(counts.requests(Op.CREATE2)).isEqualTo(1);
    await()
        .untilAsserted(() -> assertThat(provider.recorded.lines())
            .containsExactly("registered i1", "registered i2"));
  }

  @Test
  void register_serverDown_isPendingAndHappensLater() throws Exception {
    Party provider = join();
    server.stop();
    await().until(() -> provider.client.session().remaining().isZero());
    Registration registration = provider.registry.register(instance(1));
    assertThat(registration.status()).isEqualTo(RegistrationStatus.PENDING);
    assertThatThrownBy(() -> registration.awaitRegistered(Duration.ofMillis(50)))
        .isInstanceOf(ZkTimeoutException.class)
        .hasMessageStartingWith("registration payments/i1: not registered within PT0.05S, ");
    server.restart();
    registration.awaitRegistered(LONG);
    assertThat(ids()).containsExactly("i1");
  }

  @Test
  void register_twiceTheSameId_isOneInstanceUntilBothHaveEnded() throws Exception {
    Party provider = join(Duration.ofSeconds(1)); // long enough for a slow view to see the goodbye
    Registration first = provider.registry.register(instance(1)).awaitRegistered(LONG);
    Registration second = provider.registry.register(instance(1)).awaitRegistered(LONG);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    assertThat(view.current()).containsExactly(instance(1));
    first.drain(Duration.ZERO).join();
    assertThat(second.status()).isEqualTo(RegistrationStatus.REGISTERED);
    assertThat(ids()).containsExactly("i1");
    second.close();
    await().until(() -> view.current().isEmpty());
  }

  @Test
  void register_tooLarge_isRefusedBeforeAnyRequest() throws Exception {
    Party provider = join();
    ServiceInstance large = instance(1).withMetadata("k", "x".repeat(5000));
    assertThatThrownBy(() -> provider.registry.register(large))
        .isInstanceOf(IllegalArgumentException.class);
    Registration registration = provider.registry.register(instance(1));
    assertThatThrownBy(() -> registration.update(old -> old.withMetadata("k", "x".repeat(5000))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(registration.instance()).isEqualTo(instance(1));
  }

  @Test
  void update_anotherIdOrAddress_isRefused() throws Exception {
    Registration registration = join().registry.register(instance(1));
    assertThatThrownBy(() -> registration.update(old -> old.withId("other")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("update: payments/other at 10.0.0.7:8001"
            + " (expected: payments/i1 at 10.0.0.7:8001)");
    assertThatThrownBy(() -> registration.update(old -> instance(2).withId("i1")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void update_manyThreads_losesNothing() throws Exception {
    Party provider = join();
    Registration registration = provider.registry.register(instance(1).withWeight(0));
    CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = CompletableFuture.runAsync(() -> {
        for (int n = 0; n < 50; n++) {
          registration.update(old -> old.withWeight(old.weight() + 1));
        }
      });
    }
    CompletableFuture.allOf(threads).join();
    ServiceView view = provider.registry.discover(SERVICE);
    await()
        .untilAsserted(() ->
            assertThat(view.latest()).contains(java.util.List.of(instance(1).withWeight(200))));
  }

  @Test
  void drain_withAGrace_keepsTheNodeUntilItIsOver() throws Exception {
    ManualTimekeeper time = new ManualTimekeeper();
    Party provider = kept(new Party(server, root, Duration.ZERO, time));
    ServiceView view = join().registry.discover(SERVICE);
    Registration registration = provider.registry.register(instance(1)).awaitRegistered(LONG);
    await().until(() -> view.latest().isPresent() && view.current().size() == 1);
    CompletableFuture<Void> gone = registration.drain(Duration.ofSeconds(2));
    assertThat(registration.status()).isEqualTo(RegistrationStatus.LEAVING);
    await().until(() -> view.current().get(0).status() == InstanceStatus.LEAVING);
    assertThatThrownBy(view::choose)
        .isInstanceOf(NoInstanceException.class)
        .hasMessage("service payments: none of 1 may be chosen: 1 LEAVING");
    await().until(() -> time.pending() > 0);
    time.advance(Duration.ofMillis(1_900));
    assertThat(ids()).containsExactly("i1");
    assertThat(gone).isNotDone();
    await().untilAsserted(() -> {
      time.advance(Duration.ofMillis(200));
      assertThat(gone).isDone();
    });
    assertThat(ids()).isEmpty();
    assertThat(registration.status()).isEqualTo(RegistrationStatus.GONE);
    await().until(() -> view.current().isEmpty());
  }

  @Test
  void drain_thenAnythingElse_staysEnded() throws Exception {
    Registration registration = join().registry.register(instance(1)).awaitRegistered(LONG);
    CompletableFuture<Void> gone = registration.drain(Duration.ZERO);
    assertThatThrownBy(() -> registration.update(old -> old.withWeight(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> registration.awaitRegistered(LONG))
        .isInstanceOf(ZkException.class)
        .hasMessageMatching("registration payments/i1: (LEAVING|GONE)");
    gone.join();
    registration.drain(LONG).join();
    registration.close();
    assertThat(registration.status()).isEqualTo(RegistrationStatus.GONE);
    assertThatThrownBy(() -> registration.drain(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("grace: PT-1S (expected: zero or more)");
  }

  @Test
  @Tag("full")
  void close_neverRegistered_doesNotWait() throws Exception {
    ManualTimekeeper time = new ManualTimekeeper();
    Party provider = kept(new Party(server, root, Duration.ofDays(1), time));
    server.stop();
    await().until(() -> provider.client.session().remaining().isZero());
    Registration registration = provider.registry.register(instance(1));
    registration.close();
    assertThat(registration.status()).isEqualTo(RegistrationStatus.GONE);
    server.restart();
    provider.client.awaitConnected(LONG);
    provider.settle();
    assertThat(ids()).isEmpty();
  }

  @Test
  @Tag("full")
  void close_whileCutOff_doesNotWaitAndDeletesAfterTheReconnect() throws Exception {
    Party provider = join(Duration.ofDays(1));
    Registration registration = provider.registry.register(instance(1)).awaitRegistered(LONG);
    provider.proxy.refuse();
    provider.blip();
    await().until(() -> provider.client.session().remaining().isZero());
    Registration other = provider.registry.register(instance(2));
    registration.close();
    other.close();
    assertThat(registration.status()).isEqualTo(RegistrationStatus.LEAVING);
    assertThat(other.status()).isNotEqualTo(RegistrationStatus.REGISTERED);
    provider.proxy.heal();
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    await()
        .untilAsserted(() -> assertThat(view.current())
            .containsExactly(instance(1).withStatus(InstanceStatus.LEAVING)));
  }

  @Test
  void close_client_endsItsRegistrationsWithAGoodbye() throws Exception {
    Party provider = join();
    Party consumer = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    Recorded told = new Recorded();
    for (int i = 0; i < 5; i++) {
      provider.registry.register(instance(i)).awaitRegistered(LONG);
    }
    provider.registry.register(instance(5)).awaitRegistered(LONG).drain(Duration.ofDays(1));
    await().until(() -> view.current().size() == 6);
    view.subscribe(told);
    await().until(() -> told.count("added") == 6); // else an addition and a removal are no change
    provider.client.close();
    await().until(() -> ids().isEmpty());
    await().until(() -> told.count("removed") == 6);
    assertThat(told.lines().stream().filter(line -> line.startsWith("removed")))
        .allMatch(line -> line.endsWith(" LEFT"));
    assertThatThrownBy(() -> provider.registry.register(instance(9)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> provider.registry.discover(SERVICE))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void register_serviceOfALaterFormat_waitsAndSaysWhy() throws Exception {
    Party provider = join();
    provider
        .zooKeeper()
        .create(root + "/services", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    provider
        .zooKeeper()
        .create(
            root + "/services/payments",
            "{\"v\":2,\"r\":2}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            Ids.OPEN_ACL_UNSAFE,
            CreateMode.PERSISTENT);
    Registration registration = provider.registry.register(instance(1));
    await().until(() -> provider.recorded.count("retry i1 the service has format 2") == 1);
    assertThat(registration.status()).isEqualTo(RegistrationStatus.PENDING);
    registration.close();
    assertThat(registration.status()).isEqualTo(RegistrationStatus.GONE);
  }

  @Test
  void register_serviceWithSeveralBuckets_usesThemAll() throws Exception {
    Party provider = join();
    provider
        .zooKeeper()
        .create(root + "/services", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    provider
        .zooKeeper()
        .create(
            root + "/services/payments",
            "{\"v\":1,\"r\":1,\"mask\":3}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            Ids.OPEN_ACL_UNSAFE,
            CreateMode.PERSISTENT);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    for (int i = 0; i < 40; i++) {
      provider.registry.register(instance(i)).awaitRegistered(LONG);
    }
    assertThat(provider.zooKeeper().getChildren(root + "/services/payments", false))
        .containsExactlyInAnyOrder("~b00", "~b01", "~b02", "~b03");
    await().until(() -> view.current().size() == 40);
  }
}
