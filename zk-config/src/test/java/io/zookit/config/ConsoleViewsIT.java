package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Following for consoles: all namespaces, and the instances of one; and its cost. */
@Tag("full")
class ConsoleViewsIT {

  private static final int LOOKERS = 50;

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void followNamespaces_changesOfOtherClients_areWhatTheInventoryHas() throws Exception {
    ConfigStore publisher = world.store();
    LiveValue<ConfigStore.Inventory> shown = world.store().followNamespaces().awaitReady(LONG);
    assertThat(shown.current().namespaces()).isEmpty();

    publisher.publish(LIMITS, numbers(1), ANA);
    publisher.create(Namespace.of("staging", "shop", "new"), ANA);
    awaitSame(shown, publisher, 2);
    publisher.publish(LIMITS, numbers(2), ANA);
    publisher.pin(LIMITS, 1, ANA);
    awaitSame(shown, publisher, 2);
    assertThat(shown.current().namespaces().get(0).stable()).hasValue(2);
    publisher.delete(LIMITS, ANA);
    awaitSame(shown, publisher, 2);
    assertThat(shown.current().namespaces().get(0).deleted()).isTrue();
    publisher.maintenance().purge(LIMITS, Duration.ZERO, ANA);
    awaitSame(shown, publisher, 1);
    publisher.create(PRICES, ANA);
    awaitSame(shown, publisher, 2);
  }

  @Test
  void followInstances_reportsAndEnds_areShown() throws Exception {
    ConfigStore publisher = world.store();
    LiveValue<List<InstanceReleaseStatus>> shown =
        world.store().followInstances(LIMITS).awaitReady(LONG);
    assertThat(shown.current()).isEmpty();
    publisher.publish(LIMITS, numbers(1), ANA);
    ZkClient leaving = world.client();
    ConfigStore.builder(leaving).instance(Instance.named("web-1")).build().follow(LIMITS);
    world.instance("web-2").follow(LIMITS);

    soon().until(() -> ids(shown).equals(List.of("web-1", "web-2")));
    assertThat(shown.current()).allMatch(status -> status.release() == 1);
    publisher.publish(LIMITS, numbers(2), ANA.promptAcks(LONG));
    soon().until(() -> shown.current().stream().allMatch(status -> status.release() == 2));
    assertThat(shown.current()).isEqualTo(publisher.instances(LIMITS));
    leaving.close();
    soon().until(() -> ids(shown).equals(List.of("web-2")));
  }

  @Test
  @Tag("full")
  void followNamespaces_manyLookers_costWhatOneCosts() throws Exception {
    ConfigStore publisher = world.store();
    int namespaces = 40;
    for (int i = 0; i < namespaces; i++) {
      publisher.publish(Namespace.of("env-" + i % 2, "app-" + i % 4, "n" + i), numbers(1), ANA);
    }
    FaultProxy proxy = world.proxy();
    ConfigStore console =
        ConfigStore.in(world.client(proxy.connectString(), Duration.ofSeconds(30)));
    PacketCounts before = proxy.counts();
    List<LiveValue<ConfigStore.Inventory>> lookers = new ArrayList<>();
    for (int i = 0; i < LOOKERS; i++) {
      lookers.add(console.followNamespaces());
    }
    for (LiveValue<ConfigStore.Inventory> looker : lookers) {
      assertThat(looker.awaitReady(LONG).current().namespaces()).hasSize(namespaces);
    }
    PacketCounts first = proxy.counts().minus(before);
    assertThat(first.requests(Op.ADD_WATCH)).as(first.toString()).isEqualTo(1);
    assertThat(first.requests(Op.GET_DATA)).as(first.toString()).isEqualTo(namespaces);
    // The folder of all, two environments, and their applications.
    assertThat(first.requests(Op.GET_CHILDREN)).as(first.toString()).isEqualTo(1 + 2 + 4);

    before = proxy.counts();
    publisher.publish(Namespace.of("env-1", "app-1", "n1"), numbers(2), ANA);
    for (LiveValue<ConfigStore.Inventory> looker : lookers) {
      soon()
          .until(() -> looker.current().namespaces().stream()
              .anyMatch(state -> state.stable().orElse(0) == 2));
    }
    PacketCounts change = proxy.counts().minus(before);
    assertThat(change.requests(Op.GET_DATA)).as(change.toString()).isEqualTo(1);
    assertThat(change.requests(Op.GET_CHILDREN)).as(change.toString()).isZero();

    int watches = zooKeeper.server().watchCount();
    lookers.forEach(LiveValue::close);
    soon().until(() -> zooKeeper.server().watchCount() < watches);
    LiveValue<ConfigStore.Inventory> later = console.followNamespaces().awaitReady(LONG);
    awaitSame(later, publisher, namespaces);
  }

  @Test
  @Tag("full")
  void followInstances_manyLookers_costOneReadForEachReport() throws Exception {
    ConfigStore publisher = world.store();
    publisher.publish(LIMITS, numbers(1), ANA);
    int fleet = 10;
    for (int i = 0; i < fleet; i++) {
      world.instance("web-" + i).follow(LIMITS);
    }
    soon().until(() -> publisher.instances(LIMITS).size() == fleet);
    FaultProxy proxy = world.proxy();
    ConfigStore console =
        ConfigStore.in(world.client(proxy.connectString(), Duration.ofSeconds(30)));
    PacketCounts before = proxy.counts();
    List<LiveValue<List<InstanceReleaseStatus>>> lookers = new ArrayList<>();
    for (int i = 0; i < LOOKERS; i++) {
      lookers.add(console.followInstances(LIMITS));
    }
    for (LiveValue<List<InstanceReleaseStatus>> looker : lookers) {
      assertThat(looker.awaitReady(LONG).current()).hasSize(fleet);
    }
    publisher.publish(LIMITS, numbers(2), ANA);
    for (LiveValue<List<InstanceReleaseStatus>> looker : lookers) {
      soon().until(() -> looker.current().stream().allMatch(status -> status.release() == 2));
    }
    PacketCounts all = proxy.counts().minus(before);
    assertThat(all.requests(Op.ADD_WATCH)).as(all.toString()).isEqualTo(1);
    assertThat(all.requests(Op.GET_CHILDREN)).as(all.toString()).isEqualTo(1);
    // One for each instance, and at most one for each of their reports of the second release.
    assertThat(all.requests(Op.GET_DATA)).as(all.toString()).isBetween(fleet + 1L, 2L * fleet);
  }

  @Test
  @Tag("full")
  void followNamespacesAndInstances_afterACutAndANewSession_areCurrent() throws Exception {
    ConfigStore publisher = world.store();
    publisher.publish(LIMITS, numbers(1), ANA);
    world.instance("web-1").follow(LIMITS);
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client(proxy.connectString(), Duration.ofSeconds(30));
    ConfigStore console =
        ConfigStore.builder(client).instance(Instance.named("console")).build();
    LiveValue<ConfigStore.Inventory> namespaces = console.followNamespaces().awaitReady(LONG);
    LiveValue<List<InstanceReleaseStatus>> instances = console.followInstances(LIMITS);
    soon().until(() -> instances.latest().filter(shown -> shown.size() == 1).isPresent());
    proxy.refuse();
    proxy.cut();
    soon().until(() -> !namespaces.age().isZero() && !instances.age().isZero());
    publisher.publish(PRICES, numbers(1), ANA);
    world.instance("web-2").follow(LIMITS);
    soon().until(() -> publisher.instances(LIMITS).size() == 2);
    assertThat(namespaces.current().namespaces()).hasSize(1);
    proxy.heal();
    awaitSame(namespaces, publisher, 2);
    soon().until(() -> ids(instances).equals(List.of("web-1", "web-2")));
    soon().until(() -> namespaces.age().isZero() && instances.age().isZero());

    console.bind(LIMITS, Numbers.class).awaitReady(LONG);
    soon().until(() -> publisher.instances(LIMITS).size() == 3);
    zooKeeper.server().expire(sessionOf("console"));
    publisher.publish(PRICES, numbers(2), ANA);
    awaitSame(namespaces, publisher, 2);
    assertThat(namespaces.current().namespaces().get(1).stable()).hasValue(2);
    soon().until(() -> instances.current().equals(publisher.instances(LIMITS)));
    world.instance("web-3").follow(LIMITS);
    soon().until(() -> ids(instances).contains("web-3"));
  }

  record Numbers(int a, int b) {}

  private long sessionOf(String instance) throws Exception {
    String node = world.below(world.root + "/config-acks").stream()
        .filter(each -> each.path().contains("/" + instance + "@"))
        .findFirst()
        .orElseThrow()
        .path();
    Stat stat = world.plain().exists(node, false);
    return stat.getEphemeralOwner();
  }

  private static List<String> ids(LiveValue<List<InstanceReleaseStatus>> shown) {
    return shown.current().stream().map(status -> status.instance().id()).toList();
  }

  private static void awaitSame(
      LiveValue<ConfigStore.Inventory> shown, ConfigStore other, int namespaces) throws Exception {
    ConfigStore.Inventory expected = other.inventory();
    assertThat(expected.namespaces()).hasSize(namespaces);
    soon().until(() -> shown.current().equals(expected));
  }
}
