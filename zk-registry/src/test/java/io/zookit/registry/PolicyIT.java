package io.zookit.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkException;
import io.zookit.registry.balance.Balancer;
import io.zookit.registry.balance.Candidates;
import io.zookit.registry.balance.Route;
import io.zookit.registry.policy.CircuitOverride;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Effects of the operators' policy on consumers and providers. */
@Tag("full")
class PolicyIT extends RegistryCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final InstanceRule ANA = InstanceRule.by("ana");

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  PolicyIT() {
    super(zooKeeper);
  }

  @Test
  void disabled_instance_isNotChosenByAnybodyUntilItIsEnabled() throws Exception {
    registerMany(join(), 3);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    PolicyStore book = join().registry.policy(SERVICE);
    assertThat(book.read()).isEqualTo(ServicePolicy.NONE);
    book.change(policy -> policy.with("i1", ANA.withDisabled(true)));
    await().atMost(PATIENCE).until(() -> view.explain("i1").standing().equals("disabled by ana"));
    for (int i = 0; i < 100; i++) {
      assertThat(view.choose().id()).isNotEqualTo("i1");
    }
    assertThat(view.current()).hasSize(3);
    book.change(policy -> policy.without("i1"));
    await().atMost(PATIENCE).until(() -> view.explain("i1").standing().equals("in rotation"));
  }

  @Test
  void follow_changes_areSeenWithOneRequestEach() throws Exception {
    PolicyStore operator = join().registry.policy(SERVICE);
    Party reader = join();
    reader.settle();
    PacketCounts before = reader.proxy.counts();
    LiveValue<ServicePolicy> policy = reader.registry.policy(SERVICE).follow().awaitReady(LONG);
    assertThat(policy.current()).isEqualTo(ServicePolicy.NONE);
    reader.settle(); // the request that watches the missing node
    ServicePolicy first = operator.change(each -> each.with("i1", ANA.withDisabled(true)));
    await().atMost(PATIENCE).until(() -> policy.current().equals(first));
    PacketCounts counts = reader.proxy.counts();
    assertThat(counts.minus(before).requests(Op.GET_DATA))
        .isBetween(2L, 3L); // and one of the client
    ServicePolicy second = operator.change(each -> each.with("i1", ANA.withWeight(5)));
    await().atMost(PATIENCE).until(() -> policy.current().equals(second));
    assertThat(reader.proxy.counts().minus(counts).requests(Op.GET_DATA)).isBetween(1L, 2L);

    reader.blip();
    ServicePolicy third = operator.change(each -> each.without("i1"));
    await()
        .atMost(PATIENCE)
        .until(() -> policy.current().equals(third) && policy.age().isZero());
    operatorDamages();
    await().atMost(PATIENCE).until(() -> !policy.age().isZero());
    assertThat(policy.current()).isEqualTo(third);
    int watches = server.watchCount();
    policy.close();
    await().atMost(PATIENCE).until(() -> server.watchCount() < watches);
  }

  /** Writes a policy that nothing can read. */
  private void operatorDamages() throws Exception {
    join().zooKeeper().setData(root + "/services/" + SERVICE + "/~policy", new byte[] {1}, -1);
  }

  @Test
  void circuit_forcedOpen_isNotChosenByAnyConsumerUntilTheOverrideEnds() throws Exception {
    registerMany(join(), 3);
    List<ServiceView> views = List.of(
        join().registry.discover(SERVICE).awaitReady(LONG),
        join().registry.discover(SERVICE).awaitReady(LONG));
    PolicyStore policies = join().registry.policy(SERVICE);
    policies.change(policy -> policy.with("i1", ANA.withCircuit(CircuitOverride.FORCED_OPEN)));
    for (ServiceView view : views) {
      await()
          .atMost(PATIENCE)
          .until(() -> view.explain("i1").standing().equals("circuit forced open by ana"));
      for (int i = 0; i < 100; i++) {
        assertThat(view.choose().id()).isNotEqualTo("i1");
        assertThat(view.choose("user" + i).id()).isNotEqualTo("i1");
      }
      assertThat(ids(view.inRotation())).containsExactly("i0", "i2");
    }
    policies.change(policy -> policy.with("i1", ANA.withoutCircuit()));
    for (ServiceView view : views) {
      await().atMost(PATIENCE).until(() -> view.explain("i1").standing().equals("in rotation"));
    }
  }

  @Test
  void circuit_disabled_keepsAnInstanceInRotationWhoseCallsFail() throws Exception {
    registerMany(join(), 3);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    PolicyStore policies = join().registry.policy(SERVICE);
    failUntilEjected(view, "i1");
    policies.change(policy -> policy.with("i1", ANA.withCircuit(CircuitOverride.DISABLED)));
    await().atMost(PATIENCE).until(() -> view.explain("i1").standing().equals("in rotation"));
    for (int i = 0; i < 50; i++) {
      fail(view, "i1");
    }
    assertThat(ids(view.inRotation())).containsExactly("i0", "i1", "i2");
    policies.change(policy -> policy.without("i1"));
    await().atMost(PATIENCE).until(() -> {
      fail(view, "i1");
      return view.explain("i1").standing().startsWith("ejected");
    });
  }

  private static void failUntilEjected(ServiceView view, String id) {
    await().atMost(PATIENCE).until(() -> {
      fail(view, id);
      return view.explain(id).standing().startsWith("ejected");
    });
  }

  /** Reports one failed call of an instance, if it is in rotation. */
  private static void fail(ServiceView view, String id) {
    if (ids(view.inRotation()).contains(id)) {
      try (Pick pick = view.pick((candidates, key) -> indexOf(candidates, id))) {
        pick.failed();
      }
    }
  }

  private static int indexOf(Candidates candidates, String id) {
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).id().equals(id)) {
        return i;
      }
    }
    return 0;
  }

  @Test
  void change_byManyAtTheSameTime_losesNothing() throws Exception {
    Party one = join();
    List<Thread> writers = new ArrayList<>();
    Set<String> failed = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      String id = "i" + i;
      writers.add(new Thread(() -> {
        try {
          one.registry.policy(SERVICE).change(policy -> policy.with(id, ANA.withWeight(7)));
        } catch (InterruptedException | RuntimeException e) {
          synchronized (failed) {
            failed.add(id + e);
          }
        }
      }));
    }
    writers.forEach(Thread::start);
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(failed).isEmpty();
    assertThat(one.registry.policy(SERVICE).read().instances()).hasSize(6);
  }

  @Test
  @Timeout(240)
  void change_serviceThatMayNotBeMade_saysSo() throws Exception {
    Party party = join();
    registerMany(party, 1);
    party.zooKeeper().setACL(root + "/services", Ids.READ_ACL_UNSAFE, -1);
    PolicyStore other = party.registry.policy("other");
    assertThatThrownBy(() -> other.change(policy -> policy.with("i1", ANA)))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("NOAUTH");
  }

  @Test
  void routes_ofThePolicy_applyAtOnce() throws Exception {
    Party provider = join();
    provider.registry.register(instance(1).withVersion("1")).awaitRegistered(LONG);
    provider.registry.register(instance(2).withVersion("2")).awaitRegistered(LONG);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    provider
        .registry
        .policy(SERVICE)
        .change(policy -> policy.with(new Route("trial", 100, "2", Map.of())));
    await().atMost(PATIENCE).until(() -> view.explainPick("a").rule().contains("trial"));
    for (int i = 0; i < 50; i++) {
      assertThat(view.choose("user" + i).id()).isEqualTo("i2");
    }
    assertThat(view.choose(Balancer.random())).isNotNull();
  }

  @Test
  void policy_thatCannotBeRead_leavesTheLastInForce() throws Exception {
    Party provider = join();
    registerMany(provider, 2);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    PolicyStore book = provider.registry.policy(SERVICE);
    book.change(policy -> policy.with("i0", ANA.withDisabled(true)));
    await()
        .atMost(PATIENCE)
        .until(() -> view.choose().id().equals("i1")
            && view.explain("i0").standing().startsWith("disabled"));
    String path = root + "/services/" + SERVICE + "/~policy";
    provider.zooKeeper().setData(path, "{\"v\":9,\"r\":9}".getBytes(UTF_8), -1);
    provider.registry.register(instance(5)).awaitRegistered(LONG);
    await().atMost(PATIENCE).until(() -> view.current().size() == 3);
    assertThat(view.explain("i0").standing()).isEqualTo("disabled by ana");
    assertThatThrownBy(book::read).isInstanceOf(ZkException.class).hasMessageContaining("newer");
  }

  @Test
  void drained_instance_isEndedByItsProvider() throws Exception {
    Party provider = join();
    List<Registration> all = registerMany(provider, 2);
    provider.registry.policy(SERVICE).change(policy -> policy.with("i0", ANA.withDrain(true)));
    await().atMost(PATIENCE).until(() -> all.get(0).status() == RegistrationStatus.GONE);
    assertThat(all.get(1).status()).isEqualTo(RegistrationStatus.REGISTERED);
    await().atMost(PATIENCE).until(() -> ids().equals(List.of("i1")));
  }

  @Test
  void beacons_ofConsumers_areListedAndGoWithThem() throws Exception {
    Party consumer = join();
    Party operator = join();
    assertThat(operator.registry.consumers(SERVICE)).isEmpty();
    ServiceView view =
        ServiceRegistry.builder(consumer.client).announcePresence().build().discover(SERVICE);
    await().atMost(PATIENCE).until(() -> operator.registry.consumers(SERVICE).size() == 1);
    view.close();
    await().atMost(PATIENCE).until(() -> operator.registry.consumers(SERVICE).isEmpty());
  }
}
