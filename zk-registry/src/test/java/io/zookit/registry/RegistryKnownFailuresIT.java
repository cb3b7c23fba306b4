package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.registry.policy.InstanceRule;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Failures of other registries that have no better place. Which test shows which of them is listed in {@code
 * docs/guarantees.md}, and {@link KnownFailuresTest} keeps that list true.
 */
@Tag("full")
class RegistryKnownFailuresIT extends RegistryCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONG_PATIENCE = Duration.ofMinutes(3);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  RegistryKnownFailuresIT() {
    super(zooKeeper);
  }

  @Test
  @Tag("full")
  void reconnects_oneAfterAnother_leaveOneNodeForEachInstanceAndNoneAfterItsEnd() throws Exception {
    Party provider = join();
    List<Registration> all = registerMany(provider, 5);
    for (int i = 1; i <= 3; i++) {
      int blips = i;
      provider.blip();
      await().atMost(PATIENCE).until(() -> provider.proxy.requests(Op.GET_EPHEMERALS) == blips);
      provider.settle();
    }
    assertThat(ids()).hasSize(5).doesNotHaveDuplicates();
    all.forEach(each -> each.drain(Duration.ZERO).join());
    assertThat(nodes()).isEmpty();
  }

  @Test
  void register_byManyUnderOneId_isOneNodeOfItsOwnForEach() throws Exception {
    List<Registration> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(join().registry.register(instance(1)));
    }
    awaitAll(all);
    assertThat(nodes()).hasSize(3);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    assertThat(ids(view.current())).containsExactly("i1");
    all.get(0).drain(Duration.ZERO).join();
    all.get(2).drain(Duration.ZERO).join();
    assertThat(nodes()).hasSize(1);
    assertThat(all.get(1).status()).isEqualTo(RegistrationStatus.REGISTERED);
  }

  @Test
  void wordsOfOperators_whateverTheProviderWrites_stayInForce() throws Exception {
    Party provider = join();
    Registration disabled = provider.registry.register(instance(1)).awaitRegistered(LONG);
    Registration weighed = provider.registry.register(instance(2)).awaitRegistered(LONG);
    InstanceRule ana = InstanceRule.by("ana");
    provider
        .registry
        .policy(SERVICE)
        .change(policy -> policy.with("i1", ana.withDisabled(true)).with("i2", ana.withWeight(7)));
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    disabled.update(old -> old.withWeight(3));
    weighed.update(old -> old.withWeight(5));
    provider.expire();
    await().atMost(PATIENCE).until(() -> provider.recorded.count("registered") == 4);
    List<ServiceInstance> own = List.of(instance(1).withWeight(3), instance(2).withWeight(5));
    await()
        .atMost(PATIENCE)
        .until(() -> view.current().equals(own) && view.vanished().isEmpty());
    assertThat(view.inRotation()).containsExactly(instance(2).withWeight(7));
    assertThat(view.explain("i1").standing()).isEqualTo("disabled by ana");
  }

  @Test
  @Tag("nightly")
  void register_27000Instances_areSpreadAndSeen() throws Exception {
    int count = 27_000;
    List<Registration> all = new ArrayList<>();
    for (int first = 0; first < count; first += 3_000) {
      Party provider = join(Duration.ZERO);
      for (int i = first; i < first + 3_000; i++) {
        all.add(
            provider.registry.register(ServiceInstance.at(SERVICE, "h" + i, 80).withId("i" + i)));
      }
      for (Registration each : all) {
        each.awaitRegistered(LONG_PATIENCE);
      }
    }
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG_PATIENCE);
    await().atMost(LONG_PATIENCE).until(() -> view.current().size() == count);
    Map<String, Long> buckets = server.nodes(root).stream()
        .map(node -> node.path())
        .filter(path -> path.contains("@"))
        .map(path -> path.replaceAll(".*/(~b..)/.*", "$1"))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    System.out.println("buckets=" + buckets);
    assertThat(buckets).hasSizeGreaterThan(1);
    // Providers look a second after they have registered; until then all of a burst goes into the
    // first.
    assertThat(buckets).hasSizeLessThanOrEqualTo(16);
    assertThat(buckets.values()).allMatch(size -> size < count * 3 / 4);
  }
}
