package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.format.Format;
import io.zookit.config.internal.follow.ConfigEngine;
import io.zookit.config.internal.follow.HeadWatcher;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.PackedText;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.core.LiveValue;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Contents that are small as they are stored and large as they are used. */
@Tag("full")
class HostileContentIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  /** A record that fails with an error for one value, as one does for which there is no memory. */
  record Greedy(int a) {
    Greedy {
      if (a == 2) {
        throw new OutOfMemoryError("of the test");
      }
    }
  }

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void publish_smallTextOfManyLongKeys_isRejectedWithTheFigure() throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);

    assertThatThrownBy(() -> store.publish(LIMITS, nested(20, 500, 1_000), ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageMatching(
            "(?s).*\\d+ characters of flat keys and values" + " \\(expected: at most 8388608\\).*");
    assertThatThrownBy(() -> Content.yaml(nestedText(20, 1_000, 19_000)))
        .hasMessageContaining("more than 67108864 characters of flat keys and values");
    assertThat(store.state(LIMITS).orElseThrow().lastRelease()).isEqualTo(1);
  }

  @Test
  @Tag("full")
  void read_smallTextOfManyLongKeys_isRejectedWithTheReasonAndTheNextOneIsApplied()
      throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);
    ConfigStore reader = world.instance("reader");
    LiveValue<ConfigSnapshot> live = reader.follow(LIMITS).awaitReady(ConfigWorld.LONG);

    force(nestedText(20, 1_000, 19_000), false);
    awaitRejected(store, 1, 2);
    force(nestedText(15, 500, 2_600), true);
    awaitRejected(store, 1, 3);
    assertThat(live.current().release()).isEqualTo(1);
    store.publish(LIMITS, numbers(2), ANA);

    soon().until(() -> live.current().release() == 4);
    soon()
        .untilAsserted(() -> assertThat(store.instances(LIMITS)).singleElement().satisfies(ack -> {
          assertThat(ack.status()).isEqualTo(InstanceReleaseStatus.Status.APPLIED);
          assertThat(ack.release()).isEqualTo(4);
          assertThat(ack.reason()).isEmpty();
        }));
  }

  @Test
  @Tag("full")
  void rejected_whileAnotherLayerChanges_staysRejectedInTheStatus() throws Exception {
    ConfigStore store = world.store();
    store.publish(ConfigWorld.PRICES, numbers(1), ANA);
    store.publish(LIMITS, numbers(1), ANA);
    store.setPolicy(ConfigWorld.PRICES, Policy.standard().asPublic(), ANA);
    store.setPolicy(LIMITS, Policy.standard().withLayers(ConfigWorld.PRICES), ANA);
    ConfigStore reader = world.instance("reader");
    LiveValue<ConfigSnapshot> live = reader.follow(LIMITS).awaitReady(ConfigWorld.LONG);
    force(nestedText(20, 1_000, 19_000), false);
    awaitRejected(store, 1, 2);

    store.publish(ConfigWorld.PRICES, Content.properties("c=7\n"), ANA);

    soon().until(() -> live.current().get("c").isPresent());
    awaitRejected(store, 1, 2);
  }

  @Test
  void limits_ofThePolicy_holdForPublishersAndReaders() throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);
    Content large = nested(20, 500, 1_000);
    store.setPolicy(
        LIMITS,
        Policy.standard().withLimits(new io.zookit.config.format.DocumentLimits(1_000, 16L << 20)),
        ANA);
    LiveValue<ConfigSnapshot> live =
        world.instance("reader").follow(LIMITS).awaitReady(ConfigWorld.LONG);

    store.publish(LIMITS, large, ANA);

    soon().until(() -> live.current().release() == 2);
    assertThatThrownBy(() -> store.publish(LIMITS, nested(1, 10, 1_001), ANA))
        .hasMessageContaining("1001 keys (expected: at most 1000)");
    store.publish(LIMITS, numbers(3), ANA);
    store.setPolicy(LIMITS, Policy.standard(), ANA);
    assertThatThrownBy(() -> store.rollback(LIMITS, 2, ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("expected: at most 8388608");
  }

  @Test
  void candidate_forWhichThereIsNoMemory_isVotedAgainst() throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);
    world.instance("reader").bind(LIMITS, Greedy.class).awaitReady(ConfigWorld.LONG);
    soon().until(() -> store.instances(LIMITS).size() == 1);

    assertThatThrownBy(() -> store.publishVerified(LIMITS, numbers(2), ConfigWorld.LONG, ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("failed with java.lang.OutOfMemoryError");
  }

  @Test
  void followers_behindOneThatFails_areToldAllTheSame() throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);
    CoreClient client = CoreClient.of(world.client());
    ConfigEngine engine = ConfigEngine.in(client);
    List<Long> told = new CopyOnWriteArrayList<>();
    client.loop().execute(() -> {
      engine.attach(LIMITS, listener(null));
      engine.attach(LIMITS, listener(told));
    });
    soon().until(() -> told.contains(1L));

    store.publish(LIMITS, numbers(2), ANA);

    soon().until(() -> told.contains(2L));
  }

  private static HeadWatcher.Listener listener(@Nullable List<Long> told) {
    return new HeadWatcher.Listener() {
      @Override
      public void onHead(Head head) {
        if (told == null) {
          throw new OutOfMemoryError("of the test");
        }
        told.add(head.revision());
      }

      @Override
      public void onAbsent() {}

      @Override
      public void onUnreadable(String reason, boolean tooNew) {}

      @Override
      public void onSuspect() {}
    };
  }

  private static void awaitRejected(ConfigStore store, int applied, int offered) {
    soon()
        .untilAsserted(() -> assertThat(store.instances(LIMITS)).singleElement().satisfies(ack -> {
          assertThat(ack.status()).isEqualTo(InstanceReleaseStatus.Status.REJECTED);
          assertThat(ack.release()).isEqualTo(applied);
          assertThat(ack.offered()).isEqualTo(offered);
          assertThat(ack.reason()).contains("more than 8388608 characters of flat keys and values");
        }));
  }

  /** Puts a release in force by a direct write to ZooKeeper. */
  private void force(String text, boolean riding) throws Exception {
    ZooKeeper admin = world.plain();
    String head = world.path(LIMITS) + "/head";
    Head before = StoredRelease.value(Head.CODEC.decode(admin.getData(head, false, null)), "head");
    PackedText packed = PackedText.of(text);
    Manifest manifest = new Manifest(
        before.lastRelease() + 1,
        before.stableNumber(),
        Release.Kind.PUBLISH,
        null,
        Format.YAML,
        "mallory",
        Instant.EPOCH,
        "",
        "p",
        1,
        packed.size(),
        packed.sha256(),
        before.releaseHash(),
        packed.bytes().length,
        null,
        null);
    admin.create(
        world.path(LIMITS) + "/releases/" + String.format("%010d", manifest.number()),
        StoredRelease.encode(manifest, packed.bytes()),
        ZooDefs.Ids.OPEN_ACL_UNSAFE,
        CreateMode.PERSISTENT);
    Head.InlineRelease rider = riding ? Head.InlineRelease.of(manifest, packed.bytes()) : null;
    assertThat(rider != null).isEqualTo(riding);
    byte[] next = HeadUpdate.of(before)
        .newRelease(
            manifest, StoredRelease.encodeWithHash(manifest, new byte[0]).hash())
        .stable(manifest.pointer())
        .rider(rider)
        .build("p", Change.by("mallory"), Instant.EPOCH, "")
        .encoded();
    byte[] entry = AuditRecord.CODEC.encode(new AuditRecord(
        before.epoch(),
        before.revision() + 1,
        History.Action.PUBLISH,
        manifest.number(),
        "p",
        "mallory",
        Instant.EPOCH,
        "",
        null,
        null,
        null,
        before.auditHash(),
        null,
        null,
        null,
        null,
        null));
    admin.create(
        world.path(LIMITS) + "/audit/" + String.format("%010d", before.revision() + 1),
        entry,
        ZooDefs.Ids.OPEN_ACL_UNSAFE,
        CreateMode.PERSISTENT);
    admin.setData(head, next, -1);
  }

  private static Content nested(int depth, int name, int elements) {
    return Content.yaml(nestedText(depth, name, elements));
  }

  /** Maps in each other, each of one long name, around a list. */
  private static String nestedText(int depth, int name, int elements) {
    return ("{" + "n".repeat(name) + ": ").repeat(depth) + "[" + "0,".repeat(elements) + "]"
        + "}".repeat(depth) + "\n";
  }
}
