package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose node is whose: of other processes, earlier sessions, operators. */
@Tag("full")
class RegistrationIdentityIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  RegistrationIdentityIT() {
    super(zooKeeper);
  }

  @Test
  void blip_sameSession_isNotNoticedByAnybody() throws Exception {
    Party provider = join();
    Party consumer = join();
    registerMany(provider, 50);
    Recorded told = new Recorded();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    view.subscribe(told);
    await().until(() -> told.lines().size() == 50);
    told.clear();
    List<String> before = nodes();
    consumer.proxy.resetCounters();
    provider.proxy.resetCounters();
    for (int i = 1; i <= 2; i++) {
      int blips = i;
      provider.blip();
      await().until(() -> provider.proxy.requests(Op.GET_EPHEMERALS) == blips);
      provider.settle();
    }
    assertThat(nodes()).isEqualTo(before);
    assertThat(provider.proxy.requests(Op.CREATE2)).isZero();
    assertThat(provider.proxy.requests(Op.DELETE)).isZero();
    assertThat(provider.proxy.requests(Op.SET_DATA)).isZero();
    assertThat(consumer.proxy.counts().watchEvents()).isZero();
    assertThat(told.lines()).isEmpty();
  }

  @Test
  void expiry_onTheClientOnly_removesTheNodeOfTheOldSession() throws Exception {
    Party provider = join();
    Registration registration = provider.registry.register(instance(1)).awaitRegistered(LONG);
    String old = nodes().get(0);
    provider.expireOnClient();
    // The server would keep it for the 10 s of the session.
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(nodes()).hasSize(1).doesNotContain(old));
    registration.drain(Duration.ZERO).join();
    assertThat(nodes()).isEmpty();
  }

  @Test
  void expiry_onTheClientBeforeTheAnswerToTheCreate_removesWhatWasMade() throws Exception {
    Party provider = join();
    makeFolders(provider);
    provider.proxy.delayReplies(Duration.ofSeconds(5));
    Registration registration = provider.registry.register(instance(2));
    await().until(() -> nodes().size() == 1);
    String old = nodes().get(0);
    provider.expireOnClient();
    provider.proxy.heal();
    registration.awaitRegistered(LONG);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(nodes()).hasSize(1).doesNotContain(old));
  }

  @Test
  void operator_deletesTheNode_itComesBack() throws Exception {
    ManualTimekeeper time = new ManualTimekeeper();
    Party provider = kept(new Party(server, root, Duration.ZERO, time));
    provider.registry.register(instance(1)).awaitRegistered(LONG);
    String first = nodes().get(0);
    Party operator = join();
    operator.zooKeeper().delete(root + "/services/payments/~b00/" + first, -1);
    // The audit of own nodes comes after 22 to 37 seconds.
    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofSeconds(2));
      await()
          .until(() -> provider.client.session().remaining().compareTo(Duration.ofSeconds(3)) > 0);
    }
    await().untilAsserted(() -> assertThat(ids()).containsExactly("i1"));
    assertThat(nodes()).doesNotContain(first);
    assertThat(provider.recorded.lines())
        .containsExactly("registered i1", "missing i1 the node is missing", "registered i1");
  }

  @Test
  void restart_withinTheOldSession_makesANodeOfItsOwn() throws Exception {
    Party killed = join();
    Party consumer = join();
    killed.registry.register(instance(1)).awaitRegistered(LONG);
    long oldSession = killed.zooKeeper().getSessionId();
    killed.proxy.refuse();
    killed.blip();
    Recorded told = new Recorded();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    view.subscribe(told);
    Party restarted = join();
    ServiceInstance moved = ServiceInstance.at(SERVICE, "10.0.0.8", 9000).withId("i1");
    Registration registration = restarted.registry.register(moved).awaitRegistered(LONG);
    await().untilAsserted(() -> assertThat(view.current()).containsExactly(moved));
    server.expire(oldSession);
    assertThat(ids()).containsExactly("i1");
    assertThat(registration.status()).isEqualTo(RegistrationStatus.REGISTERED);
    // One more change, so that the end of the old node has certainly been read.
    registration.update(old -> old.withWeight(7));
    await().until(() -> view.current().get(0).weight() == 7);
    assertThat(told.lines())
        .containsExactly(
            "added i1 10.0.0.7:8001 REGISTERED",
            "changed i1 10.0.0.8:9000 UP REPLACED",
            "changed i1 10.0.0.8:9000 UP UPDATED");
  }

  @Test
  void conflict_twoLiveProvidersOfOneId_isReportedAndTheOlderDoesNotComeBack() throws Exception {
    Party older = join();
    Party newer = join();
    Party consumer = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    ServiceInstance there = ServiceInstance.at(SERVICE, "10.0.0.8", 9000).withId("i1");
    Registration first = older.registry.register(instance(1)).awaitRegistered(LONG);
    Registration second = newer.registry.register(there).awaitRegistered(LONG);
    await().untilAsserted(() -> assertThat(view.current()).containsExactly(there));
    String told = "conflict i1 10.0.0.8:9000 10.0.0.7:8001";
    await().until(() -> consumer.recorded.count(told) == 1);
    await().until(() -> newer.recorded.count(told) == 1 && older.recorded.count(told) == 1);
    assertThat(first.status()).isEqualTo(RegistrationStatus.CONFLICT);
    assertThat(second.status()).isEqualTo(RegistrationStatus.REGISTERED);
    older.proxy.resetCounters();
    older.expire();
    await().until(() -> older.recorded.count("missing i1") == 1);
    await().until(() -> older.proxy.requests(Op.MULTI_READ) > 0);
    older.settle();
    assertThat(older.proxy.requests(Op.CREATE2)).isZero();
    assertThat(first.status()).isEqualTo(RegistrationStatus.CONFLICT);
    assertThat(ids()).containsExactly("i1");
    first.drain(Duration.ZERO).join();
    assertThat(first.status()).isEqualTo(RegistrationStatus.GONE);
    assertThat(ids()).containsExactly("i1");
  }

  @Test
  void expiry_ofTheNewerProviderWhileTheOlderNodeLives_comesBack() throws Exception {
    Party older = join();
    Party newer = join();
    older.registry.register(instance(1)).awaitRegistered(LONG);
    ServiceInstance there = ServiceInstance.at(SERVICE, "10.0.0.8", 9000).withId("i1");
    Registration second = newer.registry.register(there).awaitRegistered(LONG);
    newer.expire();
    await().until(() -> newer.recorded.count("registered i1") == 2);
    assertThat(second.status()).isEqualTo(RegistrationStatus.REGISTERED);
  }
}
