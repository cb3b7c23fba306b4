package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.testkit.Fault;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that providers make beyond their own nodes. */
@Tag("full")
class RegistrationReconcilerIT extends RegistryCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(500);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ManualTimekeeper time = new ManualTimekeeper();

  RegistrationReconcilerIT() {
    super(zooKeeper);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void drain_byAnOperator_isObeyedLongBeforeTheNextRound(boolean inANewSession) throws Exception {
    Party provider = kept(new Party(server, root, Duration.ZERO, time));
    List<Registration> both = registerMany(provider, 2);
    Party operator = join();
    firstRound(provider);
    if (inANewSession) {
      provider.expire();
      await().atMost(PATIENCE).until(() -> provider.recorded.count("registered") == 4);
      provider.settle(); // the policy is read at the connect
    }
    provider.proxy.resetCounters();
    operator
        .registry
        .policy(SERVICE)
        .change(policy -> policy.with("i0", InstanceRule.by("ana").withDrain(true)));
    // A round comes 15 s after the first one at the earliest.
    for (int i = 0; i < 20 && both.get(0).status() != RegistrationStatus.GONE; i++) {
      advance(provider);
      provider.settle();
    }
    await().atMost(PATIENCE).until(() -> both.get(0).status() == RegistrationStatus.GONE);
    assertThat(provider.proxy.requests(Op.GET_DATA)).isLessThanOrEqualTo(inANewSession ? 2 : 1);
    assertThat(provider.proxy.requests(Op.MULTI_READ)).isZero();
    assertThat(both.get(1).status()).isEqualTo(RegistrationStatus.REGISTERED);
    both.get(1).drain(Duration.ZERO);
    for (int i = 0; i < 100 && both.get(1).status() != RegistrationStatus.GONE; i++) {
      advance(provider);
      provider.settle();
    }
    await().atMost(PATIENCE).until(() -> provider.proxy.requests(Op.REMOVE_WATCHES) == 1);
  }

  @Test
  void rivals_inBucketsThatCameLater_areFound() throws Exception {
    String id = IntStream.range(0, 100)
        .mapToObj(i -> "i" + i)
        .filter(each -> ServicePaths.bucketOf(each, 1).equals("~b01"))
        .findFirst()
        .orElseThrow();
    Party older = kept(new Party(server, root, Duration.ZERO, time));
    Registration first = older
        .registry
        .register(ServiceInstance.at(SERVICE, "10.0.0.7", 8001).withId(id))
        .awaitRegistered(LONG);
    older.zooKeeper().setData(root + "/services/" + SERVICE, ServicePaths.encode(1), -1);
    Party newer = join();
    ServiceInstance there = ServiceInstance.at(SERVICE, "10.0.0.8", 9000).withId(id);
    Registration second = newer.registry.register(there).awaitRegistered(LONG);
    assertThat(server.nodes(root)).anyMatch(node -> node.path().contains("~b01/" + id + "@"));
    String told = "conflict " + id + " 10.0.0.8:9000 10.0.0.7:8001";
    await().atMost(PATIENCE).until(() -> newer.recorded.count(told) == 1);
    firstRound(older);
    await().atMost(PATIENCE).until(() -> first.status() == RegistrationStatus.CONFLICT);
    assertThat(older.recorded.count(told)).isEqualTo(1);
    older.proxy.resetCounters();
    older.expire();
    await().atMost(PATIENCE).until(() -> older.recorded.count("missing " + id) == 1);
    await().atMost(PATIENCE).until(() -> older.proxy.requests(Op.MULTI_READ) > 0);
    older.settle();
    assertThat(older.proxy.requests(Op.CREATE2)).isZero();
    assertThat(first.status()).isEqualTo(RegistrationStatus.CONFLICT);
    assertThat(second.status()).isEqualTo(RegistrationStatus.REGISTERED);
    assertThat(ids()).containsExactly(id);
  }

  @Test
  void drain_graceLongerThanARound_endsAfterTheGrace() throws Exception {
    Party provider = kept(new Party(server, root, Duration.ofSeconds(60), time));
    Registration registration = registerMany(provider, 1).get(0);
    Party operator = join();
    firstRound(provider);
    PolicyStore book = operator.registry.policy(SERVICE);
    book.change(policy -> policy.with("i0", InstanceRule.by("ana").withDrain(true)));
    // Rounds come every 15 to 45 s, and each finds the wish of the operator again.
    for (int i = 0; i < 150 && registration.status() != RegistrationStatus.GONE; i++) {
      time.advance(Duration.ofSeconds(2));
      provider.zooKeeper().exists("/", false);
    }
    await().atMost(PATIENCE).until(() -> registration.status() == RegistrationStatus.GONE);
    assertThat(provider.recorded.count("leaving i0 PT1M")).isEqualTo(1);
  }

  /** Cut at one of the requests that set watches of missing nodes in a new session; that of the policy is among them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void drain_connectionLostWhileThePolicyIsWatched_isStillReceived(int watch) throws Exception {
    Party provider = kept(new Party(server, root, Duration.ZERO, time));
    Registration registration = registerMany(provider, 1).get(0);
    Party operator = join();
    firstRound(provider);
    Fault fault = provider.proxy.cutAfter(Op.EXISTS, watch);
    provider.expire();
    assertThat(fault.await(PATIENCE)).isTrue();
    await().atMost(PATIENCE).until(() -> {
      advance(provider); // what was cut is tried again after a pause
      return provider.recorded.count("registered") >= 2;
    });
    provider.settle();
    advance(provider);
    provider.settle();
    operator
        .registry
        .policy(SERVICE)
        .change(policy -> policy.with("i0", InstanceRule.by("ana").withDrain(true)));
    for (int i = 0; i < 20 && registration.status() != RegistrationStatus.GONE; i++) {
      advance(provider);
      provider.settle();
    }
    await().atMost(PATIENCE).until(() -> registration.status() == RegistrationStatus.GONE);
  }

  /** It comes after 0.5 to 1.5 s, and ends with a listing. */
  private void firstRound(Party provider) {
    long before = provider.proxy.requests(Op.MULTI_READ);
    for (int i = 0; i < 3; i++) {
      advance(provider);
    }
    await().atMost(PATIENCE).until(() -> provider.proxy.requests(Op.MULTI_READ) > before);
    await().atMost(PATIENCE).until(() -> provider.proxy.requests(Op.GET_CHILDREN) > 0);
    provider.settle();
  }

  /** As far as the session has kept up. */
  private void advance(Party provider) {
    time.advance(STEP);
    await()
        .atMost(PATIENCE)
        .until(() -> provider.client.session().remaining().compareTo(Duration.ofSeconds(3)) > 0);
  }
}
