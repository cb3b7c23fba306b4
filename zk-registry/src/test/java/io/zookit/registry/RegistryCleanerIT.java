package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.internal.RegistryEngine;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.upkeep.ZkRegistryCleaner;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Detection and deletion of stale entries. */
@Tag("full")
class RegistryCleanerIT extends RegistryCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final InstanceRule ANA = InstanceRule.by("ana");
  private static final StaleEntry EMPTY = new StaleEntry(SERVICE, true, List.of());

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  RegistryCleanerIT() {
    super(zooKeeper);
  }

  @Test
  void leftovers_servicesAndRules_areThoseOfNobody() throws Exception {
    Party one = join();
    assertThat(one.registry.services()).isEmpty();
    assertThat(one.registry.cleaner().staleEntries()).isEmpty();
    makeFolders(one);
    ServiceInstance there = ServiceInstance.at("orders", "10.0.0.7", 80).withId("there");
    one.registry.register(there).awaitRegistered(LONG);
    one.registry
        .policy("orders")
        .change(policy -> policy
            .with("there", ANA.withWeight(5))
            .with("gone", ANA.withDisabled(true))
            .with("over", ANA.withDisabled(true).withUntil(Instant.EPOCH)));
    one.registry.policy("empty").change(policy -> policy.with("a", ANA.withDisabled(true)));
    assertThat(one.registry.services()).containsExactly("empty", "orders", SERVICE);
    assertThat(one.registry.cleaner().staleEntries())
        .containsExactly(
            new StaleEntry("empty", true, List.of("a")),
            new StaleEntry("orders", false, List.of("gone", "over")),
            EMPTY);
  }

  @Test
  void listing_damagedAndForbiddenServices_areNamedAndTheOthersAreListed() throws Exception {
    Party one = join();
    for (String service : List.of("damaged", "forbidden", "hidden", "zebra")) {
      one.registry.policy(service).change(policy -> policy.with("a", ANA.withDisabled(true)));
    }
    List<ACL> others = Collections.singletonList(new ACL(Perms.ALL, new Id("digest", "eve:AAAA")));
    ZooKeeper zk = new ZooKeeper(server.connectString(), 30_000, event -> {});
    try {
      zk.setData(root + "/services/damaged/~policy", new byte[] {1, 2, 3}, -1);
      zk.setACL(root + "/services/forbidden/~policy", others, -1);
      zk.setACL(root + "/services/hidden", others, -1);
    } finally {
      zk.close();
    }
    RegistryCleaner.StaleListing listing = one.registry.cleaner().listing();
    assertThat(listing.entries()).containsExactly(new StaleEntry("zebra", true, List.of("a")));
    assertThat(listing.unreadable()).containsOnlyKeys("damaged", "forbidden", "hidden");
    assertThat(listing.unreadable())
        .hasEntrySatisfying("damaged", reason -> assertThat(reason).endsWith("or damaged"))
        .hasEntrySatisfying("hidden", reason -> assertThat(reason).contains("NOAUTH"));
    ServiceRegistry.Policies policies = one.registry.policies();
    assertThat(policies.readable()).containsOnlyKeys("hidden", "zebra");
    assertThat(policies.readable())
        .hasEntrySatisfying(
            "zebra", policy -> assertThat(policy.instances()).containsOnlyKeys("a"));
    assertThat(policies.unreadable())
        .containsEntry(
            "damaged", "policy of service damaged: written by a newer version, or damaged")
        .containsEntry(
            "forbidden", "policy of service forbidden: cannot be read, ZooKeeper answered NOAUTH");
    assertThat(one.registry.cleaner().remove(new StaleEntry("damaged", true, List.of())))
        .isFalse();
  }

  @Test
  void policies_thatDoNotFitIntoOnePacket_areReadOneByOne() throws Exception {
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
    operator.registry.register(ServiceInstance.at("plain", "10.0.0.7", 80)).awaitRegistered(LONG);
    Party reader = join();
    reader.settle();
    PacketCounts before = reader.proxy.counts();
    ServiceRegistry.Policies policies = reader.registry.policies();
    assertThat(policies.unreadable()).isEmpty();
    assertThat(policies.readable())
        .hasSize(7)
        .containsEntry("plain", ServicePolicy.NONE)
        .containsEntry("service-5", large);
    PacketCounts counts = reader.proxy.counts().minus(before);
    assertThat(counts.requests(Op.GET_CHILDREN)).as(counts.toString()).isEqualTo(1);
    assertThat(counts.requests(Op.MULTI_READ)).as(counts.toString()).isEqualTo(1);
    assertThat(counts.requests(Op.GET_DATA)).as(counts.toString()).isEqualTo(6);
    assertThat(counts.requests(Op.CONNECT)).as(counts.toString()).isZero();
  }

  @Test
  void remove_rules_keepsThoseOfLivingInstances() throws Exception {
    Party one = join();
    one.registry.register(instance(1)).awaitRegistered(LONG);
    PolicyStore book = one.registry.policy(SERVICE);
    book.change(
        policy -> policy.with("i1", ANA.withWeight(5)).with("gone", ANA.withDisabled(true)));
    RegistryCleaner upkeep = one.registry.cleaner();
    StaleEntry both = new StaleEntry(SERVICE, false, List.of("gone", "i1"));
    assertThat(upkeep.remove(both)).isFalse();
    assertThat(book.read().instances()).containsOnlyKeys("gone", "i1");
    assertThat(upkeep.remove(upkeep.staleEntries().get(0))).isTrue();
    assertThat(book.read().instances()).containsOnlyKeys("i1");
    assertThat(upkeep.staleEntries()).isEmpty();
  }

  @Test
  void remove_emptyService_leavesNothingOfIt() throws Exception {
    Party one = join();
    HealthOptions beating = HealthOptions.NONE.withHeartbeat(Duration.ofMillis(200));
    Registration registration = one.registry.register(instance(1), beating).awaitRegistered(LONG);
    ServiceView view = ServiceRegistry.builder(one.client)
        .announcePresence()
        .build()
        .discover(SERVICE)
        .awaitReady(LONG);
    await().atMost(PATIENCE).until(() -> isThere("service-beats") && isThere("service-consumers"));
    one.registry.policy(SERVICE).change(policy -> policy.with("i1", ANA.withWeight(5)));
    registration.drain(Duration.ZERO).join();
    view.close();
    await().atMost(PATIENCE).until(() -> ephemerals() == 0);
    assertThat(one.registry.cleaner().remove(EMPTY)).isTrue();
    assertThat(server.nodes(root))
        .extracting(ZkNode::path)
        .noneMatch(path -> path.contains(SERVICE));
    assertThat(one.registry.cleaner().staleEntries()).isEmpty();
    one.registry.register(instance(2)).awaitRegistered(LONG);
    assertThat(ids()).containsExactly("i2");
  }

  @Test
  void remove_serviceThatHasGainedAnInstance_changesNothing() throws Exception {
    Party one = join();
    makeFolders(one);
    PolicyStore book = one.registry.policy(SERVICE);
    ServicePolicy said = book.change(policy -> policy.with("i2", ANA.withDisabled(true)));
    ZkRegistryCleaner upkeep =
        new ZkRegistryCleaner(RegistryEngine.in(CoreClient.of(one.client)).runtime());
    ServicePaths place = new ServicePaths(CoreClient.of(one.client), SERVICE);
    ZkRegistryCleaner.ServiceContents empty = upkeep.contents(place).orElseThrow();
    assertThat(empty.isEmpty()).isTrue();
    one.registry.register(instance(2)).awaitRegistered(LONG);
    assertThat(upkeep.removeService(empty)).isFalse();
    assertThat(upkeep.remove(EMPTY)).isFalse();
    assertThat(ids()).containsExactly("i2");
    assertThat(book.read()).isEqualTo(said);
  }

  @Test
  @Tag("full")
  void remove_againAndAgainWhileOthersRegister_takesNoInstanceAway() throws Exception {
    Party provider = join();
    Party operator = join();
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Integer> sweeping =
        CompletableFuture.supplyAsync(() -> sweep(operator.registry.cleaner(), over));
    for (int i = 0; i < 25; i++) {
      ServiceInstance instance = instance(i);
      Registration registration = provider.registry.register(instance).awaitRegistered(PATIENCE);
      await().atMost(PATIENCE).until(() -> view.inRotation().contains(instance));
      assertThat(ids()).containsExactly(instance.id());
      registration.drain(Duration.ZERO).join();
      if (i % 2 == 0) {
        await().atMost(PATIENCE).until(() -> !isService());
      }
    }
    over.set(true);
    assertThat(sweeping.get()).isPositive();
    assertThat(provider.recorded.count("missing")).isZero();
  }

  private int sweep(RegistryCleaner upkeep, AtomicBoolean over) {
    int removed = 0;
    try {
      while (!over.get()) {
        boolean there = isService();
        removed += upkeep.remove(EMPTY) && there ? 1 : 0;
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return removed;
  }

  private boolean isService() {
    return server.nodes(root).stream()
        .anyMatch(each -> each.path().endsWith("/services/" + SERVICE));
  }

  private boolean isThere(String folder) {
    return server.nodes(root).stream()
        .anyMatch(each -> each.ephemeral() && each.path().contains("/" + folder + "/"));
  }

  private long ephemerals() {
    return server.nodes(root).stream().filter(ZkNode::ephemeral).count();
  }
}
