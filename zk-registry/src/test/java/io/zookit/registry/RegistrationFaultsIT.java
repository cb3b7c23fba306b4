package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.testkit.Fault;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider whose connection breaks and whose session ends. */
class RegistrationFaultsIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  RegistrationFaultsIT() {
    super(zooKeeper);
  }

  @Test
  void expiry_onTheServer_registersAllAgainUnderNewNames() throws Exception {
    Party provider = join();
    Party consumer = join();
    List<Registration> registrations = registerMany(provider, 20);
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    Set<String> before = new HashSet<>(nodes());
    provider.expire();
    await().until(() -> provider.recorded.count("missing") == 20);
    awaitAll(registrations);
    assertThat(ids()).hasSize(20).doesNotHaveDuplicates();
    assertThat(nodes()).doesNotContainAnyElementsOf(before);
    await().untilAsserted(() -> assertThat(view.current()).hasSize(20));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void expiry_oneCreateFails_losesNoOther(boolean answerLost) throws Exception {
    Party provider = join();
    List<Registration> registrations = registerMany(provider, 20);
    Fault fault = answerLost
        ? provider.proxy.cutAfter(Op.CREATE2, 5)
        : provider.proxy.cutBefore(Op.CREATE2, 5);
    provider.expire();
    assertThat(fault.await(LONG)).isTrue();
    awaitAll(registrations);
    await().untilAsserted(() -> assertThat(ids()).hasSize(20).doesNotHaveDuplicates());
  }

  @Test
  void register_answerOfTheCreateLost_isRegisteredOnce() throws Exception {
    Party provider = join();
    Fault fault = provider.proxy.cutAfter(Op.CREATE2, 1);
    Registration registration = provider.registry.register(instance(1));
    assertThat(fault.await(LONG)).isTrue();
    registration.awaitRegistered(LONG);
    assertThat(ids()).containsExactly("i1");
  }

  @Test
  void update_whileCutOff_isWrittenAfterTheReconnect() throws Exception {
    Party provider = join();
    ServiceView view = join().registry.discover(SERVICE);
    Registration registration = provider.registry.register(instance(1)).awaitRegistered(LONG);
    provider.proxy.refuse();
    provider.blip();
    await().until(() -> provider.client.session().state() != SessionState.CONNECTED);
    registration.update(old -> old.withWeight(5));
    registration.update(old -> old.withWeight(6));
    provider.proxy.heal();
    await()
        .untilAsserted(
            () -> assertThat(view.latest()).contains(List.of(instance(1).withWeight(6))));
  }
}
