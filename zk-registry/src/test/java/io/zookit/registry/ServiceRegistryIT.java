package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Subscription;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
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
  void close_registration_hasTakenTheNodeAwayWhenItReturns() throws Exception {
    Party provider = join();
    Registration registration = provider.registry.register(instance(1)).awaitRegistered(LONG);
    assertThat(nodes()).hasSize(1);
    registration.close();
    assertThat(registration.status()).isEqualTo(RegistrationStatus.GONE);
    assertThat(nodes()).isEmpty();
    registration.close();
  }
}
