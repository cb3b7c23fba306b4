package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.registry.balance.Balancer;
import io.zookit.testkit.ZkServerExtension;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Registering and discovering on a healthy server. */
class ServiceRegistryIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  ServiceRegistryIT() {
    super(zooKeeper);
  }

  @Test
  void register_anInstance_isSeenAndChosenByAConsumer() throws Exception {
    Party provider = join();
    Party consumer = join();
    ServiceInstance mine = ServiceInstance.at(SERVICE, "10.0.0.7", 8080)
        .withZone("a")
        .withVersion("1.2.0+7")
        .withPort("admin", 9090)
        .withWeight(20)
        .withMetadata("owner", "ana");
    try (Registration registration = provider.registry.register(mine);
        ServiceView view = consumer.registry.discover(SERVICE)) {
      registration.awaitRegistered(LONG);
      assertThat(registration.status()).isEqualTo(RegistrationStatus.REGISTERED);
      view.awaitReady(LONG);
      await().untilAsserted(() -> assertThat(view.current()).containsExactly(mine));
      assertThat(view.choose()).isEqualTo(mine);
      assertThat(view.age()).isZero();
    }
  }

  @Test
  void awaitReady_serviceNobodyRegistered_isReadyAndEmpty() throws Exception {
    Party consumer = join();
    try (ServiceView view = consumer.registry.discover(SERVICE)) {
      view.awaitReady(LONG);
      assertThat(view.current()).isEmpty();
      assertThatThrownBy(view::choose)
          .isInstanceOf(NoInstanceException.class)
          .hasMessage("service payments: no instance is registered");
    }
  }

  @Test
  void subscribe_lifeOfAnInstance_isToldWithItsCauses() throws Exception {
    Party provider = join();
    Party consumer = join();
    Recorded told = new Recorded();
    ServiceView view = consumer.registry.discover(SERVICE);
    Subscription subscription = view.subscribe(told);
    view.awaitReady(LONG);
    Registration registration = provider.registry.register(instance(1));
    await().until(() -> told.lines().size() == 1);
    registration.update(old -> old.withWeight(5));
    await().until(() -> told.lines().size() == 2);
    registration.drain(Duration.ofMillis(300));
    await().until(() -> told.lines().size() == 4);
    assertThat(told.lines())
        .containsExactly(
            "added i1 10.0.0.7:8001 REGISTERED",
            "changed i1 10.0.0.7:8001 UP UPDATED",
            "changed i1 10.0.0.7:8001 LEAVING UPDATED",
            "removed i1 10.0.0.7:8001 LEFT");
    subscription.close();
  }

  @Test
  void close_registration_waitsForItsGraceAndTakesTheNodeAway() throws Exception {
    Duration grace = Duration.ofMillis(300);
    Party provider = join(grace);
    Registration registration = provider.registry.register(instance(1)).awaitRegistered(LONG);
    assertThat(nodes()).hasSize(1);
    long before = Timekeeper.system().nanos();
    registration.close();
    assertThat(Timekeeper.system().nanos() - before).isGreaterThanOrEqualTo(grace.toNanos());
    await().until(() -> registration.status() == RegistrationStatus.GONE);
    assertThat(nodes()).isEmpty();
    registration.close();
  }

  @Test
  void choose_manyTimes_allocatesNothing() throws Exception {
    Party party = join();
    registerMany(party, 10);
    ServiceView view = party.registry.discover(SERVICE).awaitReady(LONG);
    await().until(() -> view.current().size() == 10);
    Balancer random = Balancer.random();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    Set<ServiceInstance> chosen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      chosen.add(view.choose());
      chosen.add(view.choose(random));
    }
    long before = threads.getThreadAllocatedBytes(id);
    for (int i = 0; i < 100_000; i++) {
      view.choose();
      view.choose(random);
    }
    assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(100_000);
    assertThat(chosen).hasSize(10);
  }

  @Test
  void meters_ofRegistrationsAndViews_countThem() throws Exception {
    CountedMeters meters = new CountedMeters();
    try (ZkClient client = ZkClient.builder(server.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .meters(meters)
        .connect()) {
      ServiceRegistry registry =
          ServiceRegistry.builder(client).grace(Duration.ZERO).build();
      ServiceView view = registry.discover(SERVICE).awaitReady(LONG);
      Registration one = registry.register(instance(1)).awaitRegistered(LONG);
      registry.register(instance(2)).awaitRegistered(LONG);
      await().until(() -> view.current().size() == 2);
      assertThat(meters.gauge("zookit.registry.wanted")).isEqualTo(2);
      assertThat(meters.gauge("zookit.registry.registered")).isEqualTo(2);
      assertThat(meters.gauge("zookit.registry.views")).isEqualTo(1);
      one.close();
      await().until(() -> view.current().size() == 1);
      view.close();
      assertThat(meters.gauge("zookit.registry.wanted")).isEqualTo(1);
      assertThat(meters.gauge("zookit.registry.registered")).isEqualTo(1);
      assertThat(meters.gauge("zookit.registry.views")).isZero();
      assertThat(meters.count("zookit.registry.registrations")).isEqualTo(2);
      assertThat(meters.count("zookit.registry.changes")).isGreaterThanOrEqualTo(3);
      assertThat(meters.count("zookit.registry.read")).isPositive();
    }
    assertThat(meters.gauges()).noneMatch(name -> name.startsWith("zookit.registry."));
  }

  @Test
  @Tag("full")
  void discover_underAChroot_followsAndSurvivesARestart() throws Exception {
    join().zooKeeper().create("/app", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    try (ZkClient client = ZkClient.builder(server.connectString() + "/app")
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect()) {
      ServiceRegistry registry =
          ServiceRegistry.builder(client).grace(Duration.ZERO).build();
      ServiceView view = registry.discover(SERVICE).awaitReady(LONG);
      Registration one = registry.register(instance(1)).awaitRegistered(LONG);
      await().until(() -> view.current().size() == 1);
      server.restart();
      await().until(() -> !view.age().isZero());
      await().until(() -> view.age().isZero());
      registry.register(instance(2)).awaitRegistered(LONG);
      await().until(() -> view.current().size() == 2);
      one.drain(Duration.ZERO).join();
      await().until(() -> view.current().size() == 1);
    }
  }

  @Test
  void in_clientOfAnotherMake_isRefused() {
    ZkClient stranger = (ZkClient) Proxy.newProxyInstance(
        ZkClient.class.getClassLoader(),
        new Class<?>[] {ZkClient.class},
        (proxy, method, arguments) -> "stranger");
    assertThatThrownBy(() -> ServiceRegistry.in(stranger))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
