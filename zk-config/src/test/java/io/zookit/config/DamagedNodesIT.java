package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.internal.upkeep.BlobCollector;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.testkit.ZkServerExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that are damaged or forbidden: what else there is goes on. */
@Tag("full")
class DamagedNodesIT {

  private static final Namespace HIDDEN = Namespace.of("prod", "hidden", "ns");

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();

  @BeforeEach
  void publish() throws Exception {
    store.publish(PRICES, numbers(1), ANA);
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(LIMITS, numbers(2), ANA);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void inventory_besideADamagedAndAForbiddenNode_hasBothWithTheirReasonsAndAllOthers()
      throws Exception {
    damageHead(LIMITS);
    assertThat(store.namespaces()).containsExactly(LIMITS, PRICES);
    forbid(HIDDEN);

    ConfigStore.Inventory inventory = store.inventory();

    assertThat(inventory.namespaces())
        .extracting(NamespaceState::namespace)
        .containsExactly(PRICES);
    assertThat(inventory.unreadable()).hasSize(2);
    assertThat(inventory.unreadable().get(0).name()).isEqualTo(LIMITS.toString());
    assertThat(inventory.unreadable().get(0).reason()).contains("no JSON");
    assertThat(inventory.unreadable().get(1).name()).isEqualTo("prod/hidden/*");
    assertThat(inventory.unreadable().get(1).reason()).contains("NoAuth");
    assertThatThrownBy(() -> store.namespaces())
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("prod/hidden/*");
  }

  @Test
  void followNamespaces_besideADamagedAndAForbiddenNode_isTheInventory() throws Exception {
    damageHead(LIMITS);
    forbid(HIDDEN);
    try (LiveValue<ConfigStore.Inventory> shown = store.followNamespaces().awaitReady(LONG)) {
      assertThat(shown.current()).isEqualTo(store.inventory());
      assertThat(shown.current().unreadable()).hasSize(2);
      damageHead(PRICES);
      soon().until(() -> shown.current().equals(store.inventory()));
      assertThat(shown.current().namespaces()).isEmpty();
    }
  }

  @Test
  @Tag("full")
  void backup_besideADamagedAndAForbiddenNode_hasAllOthersAndRestoresThem() throws Exception {
    damageHead(LIMITS);
    forbid(HIDDEN);
    ByteArrayOutputStream backup = new ByteArrayOutputStream();

    Maintenance.Saved saved = store.maintenance().backup(backup);

    assertThat(saved.unreadable()).hasSize(2);
    assertThat(saved.unreadable().toString()).contains(LIMITS.toString(), "NoAuth");
    ConfigStore other = world
        .keep(new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot() + "-b"))
        .store();
    assertThat(other.maintenance().restore(new ByteArrayInputStream(backup.toByteArray()), BOB))
        .containsExactly(PRICES);
    assertThat(other.namespaces()).containsExactly(PRICES);
    assertThat(other.maintenance().repairHead(LIMITS, OptionalInt.empty(), BOB).stable())
        .hasValue(2);
    assertThat(other.history(LIMITS).content(2)).isEqualTo(numbers(2));
  }

  @Test
  void collectBlobs_besideADamagedHead_leavesWhatItsReleasesUse() throws Exception {
    store.publish(LIMITS, Content.text(PublishIT.noise(7, 700_000)), ANA);
    damageHead(LIMITS);
    StoreAccess access = StoreAccess.of(CoreClient.of(world.client()), StoreSettings.STANDARD);
    BlobCollector tomorrow =
        new BlobCollector(access.reader(), () -> Instant.now().plus(Duration.ofHours(25)));

    assertThat(tomorrow.old("prod")).hasSize(1);
    assertThat(tomorrow.collect("prod", true)).isEmpty();
    assertThat(store.maintenance().removable(PRICES)).isEmpty();

    world.plain().setData(world.path(LIMITS) + "/releases/0000000003", "no".getBytes(UTF_8), -1);
    assertThatThrownBy(() -> tomorrow.collect("prod", true))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("prod/checkout/limits release 3 cannot be read");
    assertThat(tomorrow.old("prod")).hasSize(1);
  }

  @Test
  void repairHead_ofADamagedHead_bringsTheStableReleasePinsAndLayersBack() throws Exception {
    store.setPolicy(PRICES, Policy.standard().asPublic(), ANA);
    store.setPolicy(LIMITS, Policy.standard().withLayers(PRICES), ANA);
    store.publish(LIMITS, numbers(3), ANA);
    store.pin(LIMITS, 1, ANA);
    store.rollback(LIMITS, ANA);
    LiveValue<ConfigSnapshot> live = world.instance("reader").follow(LIMITS).awaitReady(LONG);
    NamespaceState before = store.state(LIMITS).orElseThrow();
    damageHead(LIMITS);
    soon()
        .until(() -> store.instances(LIMITS).stream()
            .anyMatch(ack -> ack.status() == InstanceReleaseStatus.Status.STALE));

    NamespaceState proposed = store.maintenance().repairedHead(LIMITS, OptionalInt.empty());
    NamespaceState repaired = store.maintenance().repairHead(LIMITS, OptionalInt.empty(), BOB);

    assertThat(store.state(LIMITS).orElseThrow()).isEqualTo(repaired);
    for (NamespaceState each : List.of(proposed, repaired)) {
      assertThat(each.stable()).isEqualTo(before.stable()).hasValue(4);
      assertThat(each.lastRelease()).isEqualTo(before.lastRelease());
      assertThat(each.pins()).isEqualTo(before.pins());
      assertThat(each.layers()).isEqualTo(before.layers());
      assertThat(each.deleted()).isFalse();
    }
    assertThat(repaired.epoch()).isEqualTo(before.epoch() + 1);
    assertThat(repaired.revision()).isEqualTo(before.revision() + 1);
    soon().until(() -> live.current().epoch() == repaired.epoch());
    assertThat(live.current().get("a")).contains("2");
    assertThat(store.history(LIMITS).verify().problems()).isEmpty();
    assertThat(store.publish(LIMITS, numbers(5), ANA).number()).isEqualTo(5);
    soon()
        .until(() -> store.instances(LIMITS).stream()
            .anyMatch(
                ack -> ack.status() == InstanceReleaseStatus.Status.APPLIED && ack.release() == 5));
  }

  @Test
  @Tag("full")
  void repairHead_again_goesOnFromTheRepairBefore() throws Exception {
    damageHead(LIMITS);
    store.maintenance().repairHead(LIMITS, OptionalInt.of(1), BOB);
    damageHead(LIMITS);

    assertThat(store.maintenance().repairHead(LIMITS, OptionalInt.empty(), BOB).stable())
        .hasValue(1);
    store.delete(LIMITS, ANA);
    damageHead(LIMITS);
    assertThat(store.maintenance().repairHead(LIMITS, OptionalInt.empty(), BOB).deleted())
        .isTrue();
  }

  @Test
  void repairHead_ofAHeadThatIsNotDamaged_isRefused() throws Exception {
    assertThatThrownBy(() -> store.maintenance().repairHead(LIMITS, OptionalInt.empty(), BOB))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("nothing to repair");
    world.plain().setData(world.path(LIMITS) + "/head", "{\"v\":9,\"r\":9}".getBytes(UTF_8), -1);
    assertThatThrownBy(() -> store.maintenance().repairHead(LIMITS, OptionalInt.empty(), BOB))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("needs format version 9");
    assertThatThrownBy(() ->
            store.maintenance().repairHead(Namespace.of("a", "b", "c"), OptionalInt.empty(), BOB))
        .isInstanceOf(ConfigNotFoundException.class);
  }

  private void damageHead(Namespace ns) throws Exception {
    world.plain().setData(world.path(ns) + "/head", "garbage".getBytes(UTF_8), -1);
  }

  /** Hides the namespaces of an application from the clients of this test. */
  private void forbid(Namespace ns) throws Exception {
    store.publish(ns, numbers(1), ANA);
    ZooKeeper admin = world.plain();
    String app = world.root + "/config/" + ns.env() + "/apps/" + ns.app();
    admin.setACL(
        app,
        new ArrayList<>(List.of(new ACL(ZooDefs.Perms.ADMIN, ZooDefs.Ids.ANYONE_ID_UNSAFE))),
        -1);
  }
}
