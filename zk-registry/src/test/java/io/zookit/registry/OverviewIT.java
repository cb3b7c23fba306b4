package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.registry.balance.Route;
import io.zookit.registry.policy.CircuitOverride;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The overview of all services: what it shows, and what it costs. */
@Tag("full")
class OverviewIT extends RegistryCase {

  private static final InstanceRule ANA = InstanceRule.by("ana");

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  OverviewIT() {
    super(zooKeeper);
  }

  @Test
  void overview_ofServicesAndRules_followsEveryChange() throws Exception {
    Party provider = join(Duration.ZERO);
    LiveValue<List<ServiceSummary>> overview = join().registry.overview().awaitReady(LONG);
    assertThat(overview.current()).isEmpty();
    Registration one = register(provider, "orders", 1);
    Registration two = register(provider, "orders", 2);
    register(provider, "stock", 1);
    awaitShown(overview, plain("orders", 2, 2), plain("stock", 1, 1));
    PolicyStore policy = provider.registry.policy("orders");
    policy.change(before -> before
        .with("i1", ANA.withCircuit(CircuitOverride.FORCED_OPEN))
        .with("absent", ANA.withDrain(true))
        .with(new Route("trial", 10, "2", Map.of())));
    awaitShown(
        overview,
        new ServiceSummary("orders", 2, 1, 1, 0, 1, 1, Optional.empty()),
        plain("stock", 1, 1));
    policy.change(before -> before
        .without("i1")
        .withoutRoute("trial")
        .with("i2", ANA.withDisabled(true).withUntil(Instant.now().plusSeconds(3))));
    awaitShown(
        overview,
        new ServiceSummary("orders", 2, 1, 1, 0, 0, 0, Optional.empty()),
        plain("stock", 1, 1));
    awaitShown(overview, plain("orders", 2, 2), plain("stock", 1, 1));
    two.update(instance -> instance.withStatus(InstanceStatus.DOWN));
    awaitShown(overview, plain("orders", 2, 1), plain("stock", 1, 1));
    one.close();
    awaitShown(overview, plain("orders", 1, 0), plain("stock", 1, 1));
    two.close();
    awaitShown(overview, plain("orders", 0, 0), plain("stock", 1, 1));
    provider.registry.policy("orders").change(before -> ServicePolicy.NONE);
    for (StaleEntry stale : provider.registry.cleaner().staleEntries()) {
      assertThat(provider.registry.cleaner().remove(stale)).isTrue();
    }
    awaitShown(overview, plain("stock", 1, 1));
  }

  @Test
  @Tag("full")
  void overview_manyServicesAndLookers_costsRequestsForEach128NodesOnce() throws Exception {
    Party provider = joinWithoutReconciler();
    List<Registration> all = new ArrayList<>();
    for (int service = 0; service < 100; service++) {
      for (int i = 0; i < 2; i++) {
        if (service != 1 || i != 1) {
          all.add(provider.registry.register(of("service-" + service, i)));
        }
      }
    }
    awaitAll(all);
    Registration leaving = register(join(Duration.ZERO), "service-1", 1);
    for (int service = 0; service < 100; service++) {
      provider
          .registry
          .policy("service-" + service)
          .change(before -> before.with("i0", ANA.withDisabled(true)));
    }
    Party console = join();
    console.settle();
    PacketCounts before = console.proxy.counts();
    List<LiveValue<List<ServiceSummary>>> lookers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      lookers.add(console.registry.overview());
    }
    for (LiveValue<List<ServiceSummary>> looker : lookers) {
      assertThat(looker.awaitReady(LONG).current())
          .hasSize(100)
          .allMatch(each -> each.instances() == 2 && each.healthy() == 1 && each.disabled() == 1);
    }
    PacketCounts first = console.proxy.counts().minus(before);
    // The services; their children, sizes of buckets, buckets, policies, and 200 nodes by two.
    assertThat(first.requests(Op.ADD_WATCH)).as(first.toString()).isEqualTo(1);
    assertThat(first.requests(Op.GET_CHILDREN)).as(first.toString()).isEqualTo(1);
    assertThat(first.requests(Op.MULTI_READ)).as(first.toString()).isEqualTo(6);
    assertThat(first.total()).as(first.toString()).isLessThan(12);

    List<Integer> shown = new CopyOnWriteArrayList<>();
    lookers.forEach(looker -> looker.subscribe(value -> shown.add(value.size())));
    before = console.proxy.counts();
    all.get(1).update(instance -> instance.withStatus(InstanceStatus.DOWN));
    for (LiveValue<List<ServiceSummary>> looker : lookers) {
      await().atMost(LONG).until(() -> looker.current().get(0).healthy() == 0);
    }
    PacketCounts change = console.proxy.counts().minus(before);
    assertThat(change.requests(Op.MULTI_READ)).as(change.toString()).isEqualTo(1);

    before = console.proxy.counts();
    leaving.close();
    for (LiveValue<List<ServiceSummary>> looker : lookers) {
      await()
          .atMost(LONG)
          .until(() ->
              looker.current().stream().filter(each -> each.instances() == 1).count() == 1);
    }
    PacketCounts end = console.proxy.counts().minus(before);
    assertThat(end.requests(Op.MULTI_READ))
        .as(end.toString())
        .isLessThanOrEqualTo(1); // the goodbye
    assertThat(shown).isNotEmpty().allMatch(size -> size == 100);

    int watches = server.watchCount();
    lookers.forEach(LiveValue::close);
    await().atMost(LONG).until(() -> server.watchCount() < watches);
    LiveValue<List<ServiceSummary>> later = console.registry.overview().awaitReady(LONG);
    assertThat(later.current()).hasSize(100);
  }

  @Test
  @Tag("full")
  void overview_afterCutsAndANewSession_isWhatIsRegistered() throws Exception {
    Party provider = join(Duration.ZERO);
    Party console = join();
    LiveValue<List<ServiceSummary>> overview = console.registry.overview();
    Registration stays = register(provider, "orders", 1);
    Registration goes = register(provider, "orders", 2);
    awaitShown(overview, plain("orders", 2, 2));
    console.proxy.refuse();
    console.blip();
    await().atMost(LONG).until(() -> !overview.age().isZero());
    assertThat(overview.current()).containsExactly(plain("orders", 2, 2));
    goes.close();
    register(provider, "stock", 1);
    console.proxy.heal();
    awaitShown(overview, plain("orders", 1, 1), plain("stock", 1, 1));
    await().atMost(LONG).until(() -> overview.age().isZero());
    console.expire();
    stays.update(instance -> instance.withStatus(InstanceStatus.DOWN));
    awaitShown(overview, plain("orders", 1, 0), plain("stock", 1, 1));
    register(provider, "stock", 2);
    awaitShown(overview, plain("orders", 1, 0), plain("stock", 2, 2));
  }

  @Test
  @Tag("full")
  void overview_damagedPolicyAndForeignNodes_areProblemsOfTheirServiceOnly() throws Exception {
    Party provider = join(Duration.ZERO);
    register(provider, "orders", 1);
    register(provider, "stock", 1);
    provider.registry.policy("orders").change(before -> before.with("i1", ANA.withDisabled(true)));
    LiveValue<List<ServiceSummary>> overview = join().registry.overview().awaitReady(LONG);
    String orders = root + "/services/orders";
    provider.zooKeeper().setData(orders + "/~policy", new byte[] {1, 2, 3}, -1);
    provider
        .zooKeeper()
        .create(orders + "/~b00/foreign", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    await().atMost(LONG).until(() -> overview.current().get(0).problem().isPresent());
    ServiceSummary damaged = overview.current().get(0);
    assertThat(damaged.problem().orElseThrow()).contains("damaged");
    assertThat(damaged.instances()).isEqualTo(1);
    assertThat(damaged.disabled()).isEqualTo(1); // the last policy that was understood
    assertThat(overview.current().get(1)).isEqualTo(plain("stock", 1, 1));
  }

  @Test
  @Tag("full")
  void overview_policiesThatDoNotFitIntoOnePacket_areReadOneByOne() throws Exception {
    Party operator = join();
    Map<String, InstanceRule> rules = new HashMap<>();
    for (int i = 0; i < 3_600; i++) {
      rules.put("i" + (100_000 + i), ANA.withWeight(7));
    }
    ServicePolicy large = new ServicePolicy(rules, List.of());
    assertThat(large.encode().length).isGreaterThan(210_000);
    for (int i = 0; i < 6; i++) {
      operator.registry.policy("service-" + i).change(before -> large);
    }
    register(operator, "service-0", 1);
    Party console = join();
    LiveValue<List<ServiceSummary>> overview = console.registry.overview().awaitReady(LONG);
    assertThat(overview.current())
        .hasSize(6)
        .allMatch(each -> each.problem().isEmpty())
        .contains(plain("service-0", 1, 1));
  }

  private static void awaitShown(
      LiveValue<List<ServiceSummary>> overview, ServiceSummary... summaries) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(overview.latest())
            .hasValueSatisfying(shown -> assertThat(shown).containsExactly(summaries)));
  }

  private static ServiceSummary plain(String service, int instances, int healthy) {
    return new ServiceSummary(service, instances, healthy, 0, 0, 0, 0, Optional.empty());
  }

  private static Registration register(Party provider, String service, int number)
      throws InterruptedException {
    return provider.registry.register(of(service, number)).awaitRegistered(LONG);
  }

  private static ServiceInstance of(String service, int number) {
    return ServiceInstance.at(service, "10.0.0.7", 8000 + number).withId("i" + number);
  }
}
