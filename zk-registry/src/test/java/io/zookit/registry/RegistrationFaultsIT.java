package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.testkit.Fault;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider whose connection breaks and whose session ends. */
@Tag("full")
class RegistrationFaultsIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  RegistrationFaultsIT() {
    super(zooKeeper);
  }

  @Test
  @Tag("full")
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
  @Tag("full")
  @CsvSource({"CREATE2,true", "CREATE2,false", "MULTI,true", "MULTI,false"})
  void expiry_oneRequestFails_losesNoOther(Op op, boolean answerLost) throws Exception {
    Party provider = join();
    List<Registration> registrations = registerMany(provider, 20);
    Fault fault = answerLost ? provider.proxy.cutAfter(op, 1) : provider.proxy.cutBefore(op, 1);
    provider.expire();
    assertThat(fault.await(LONG)).isTrue();
    awaitAll(registrations);
    await().untilAsserted(() -> assertThat(ids()).hasSize(20).doesNotHaveDuplicates());
  }

  @Test
  @Tag("full")
  void register_thousandAtOnce_shareRequests() throws Exception {
    Party provider = join();
    makeFolders(provider);
    List<Registration> registrations = registerWhileCutOff(provider, 1_000, () -> {});
    awaitAll(registrations);
    assertThat(ids()).hasSize(1_000).doesNotHaveDuplicates();
    assertThat(provider.proxy.requests(Op.CREATE2)).isEqualTo(1);
    assertThat(provider.proxy.requests(Op.MULTI)).isEqualTo(10);
  }

  @Test
  @Tag("full")
  void register_manyAndTheSessionEndsBetween_allAreRegistered() throws Exception {
    Party provider = join();
    makeFolders(provider);
    List<Registration> registrations =
        registerWhileCutOff(provider, 400, () -> provider.proxy.cutAfter(Op.MULTI, 2));
    await().until(() -> provider.proxy.requests(Op.MULTI) >= 2);
    provider.expire();
    awaitAll(registrations);
    await().untilAsserted(() -> assertThat(ids()).hasSize(400).doesNotHaveDuplicates());
  }

  @Test
  void drain_manyThatAreNotMadeYet_leavesNoNode() throws Exception {
    Party provider = join();
    makeFolders(provider);
    List<Registration> registrations =
        registerWhileCutOff(provider, 400, () -> provider.proxy.cutAfter(Op.MULTI, 2));
    for (Registration registration : registrations.subList(100, 400)) {
      registration.drain(Duration.ZERO);
    }
    awaitAll(registrations.subList(0, 100));
    await().untilAsserted(() -> assertThat(ids()).hasSize(100).doesNotHaveDuplicates());
  }

  /** All of them are wanted when the connection is back, and made at the same moment. */
  private static List<Registration> registerWhileCutOff(
      Party provider, int count, Runnable arming) {
    provider.proxy.refuse();
    provider.blip();
    await().until(() -> provider.client.session().state() != SessionState.CONNECTED);
    List<Registration> registrations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      registrations.add(provider.registry.register(instance(10 + i)));
    }
    provider.proxy.resetCounters();
    provider.proxy.heal();
    arming.run();
    return registrations;
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
  @Tag("full")
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
