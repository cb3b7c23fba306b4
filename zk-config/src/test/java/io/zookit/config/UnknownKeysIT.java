package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Keys that no record has a component for, and the name of an instance that was given none. */
class UnknownKeysIT {

  record First(int a) {}

  record Second(int b) {}

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final List<String> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void bind_keysThatNoRecordKnows_areToldOnceAndThoseOfLayersAreNot() throws Exception {
    ConfigStore store = world.store();
    store.publish(PRICES, Content.properties("shared=1\n"), ANA);
    store.setPolicy(PRICES, Policy.standard().asPublic(), ANA);
    store.publish(LIMITS, Content.properties("a=1\nb=1\ntypo=1\n"), ANA);
    store.setPolicy(LIMITS, Policy.standard().withLayers(PRICES), ANA);
    ConfigStore reader = observed(false);
    LiveValue<First> first = reader.bind(LIMITS, First.class);
    LiveValue<Second> second = reader.bind(LIMITS, Second.class);
    first.awaitReady(LONG);
    second.awaitReady(LONG);

    store.publish(LIMITS, Content.properties("a=2\nb=2\ntypo=2\nother=2\n"), ANA);

    soon().until(() -> first.current().a() == 2);
    soon().until(() -> told.contains("other"));
    assertThat(told).containsOnlyOnce("typo").doesNotContain("shared");
  }

  @Test
  void bind_refusingUnknownKeys_keepsTheLastGoodRelease() throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, Content.properties("a=1\n"), ANA);
    ConfigStore reader = observed(true);
    LiveValue<First> first = reader.bind(LIMITS, First.class).awaitReady(LONG);

    store.publish(LIMITS, Content.properties("a=2\ntypo=2\n"), ANA);

    soon()
        .untilAsserted(() -> assertThat(store.instances(LIMITS)).singleElement().satisfies(ack -> {
          assertThat(ack.status()).isEqualTo(InstanceReleaseStatus.Status.REJECTED);
          assertThat(ack.reason()).isEqualTo("typo: unknown (expected: the key of a component)");
        }));
    assertThat(first.current().a()).isEqualTo(1);
    store.publish(LIMITS, Content.properties("a=3\n"), ANA);
    soon().until(() -> first.current().a() == 3);
  }

  @Test
  void publish_requiringARecordAndRefusingUnknownKeys_isRejected() throws Exception {
    ConfigStore strict = ConfigStore.builder(world.client())
        .requiring(LIMITS, First.class)
        .refuseUnknownKeys()
        .build();

    assertThatThrownBy(() -> strict.publish(LIMITS, Content.properties("a=1\nA=1\n"), ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("A: unknown");
    strict.publish(LIMITS, Content.properties("a=1\n"), ANA);
  }

  @Test
  void instance_thatNobodyNamed_isCalledLikeItsClient(@TempDir Path folder) throws Exception {
    world.store().publish(LIMITS, Content.properties("a=1\n"), ANA);
    ZkClient client = world.keep(ZkClient.builder(zooKeeper.server().connectString())
        .root(world.root)
        .label("shop 7@host")
        .connect());
    ConfigStore unnamed = ConfigStore.in(client);
    ConfigStore kept = ConfigStore.builder(client).snapshots(folder).build();
    unnamed.follow(LIMITS).awaitReady(LONG);
    kept.follow(LIMITS).awaitReady(LONG);

    assertThat(unnamed.instance().id()).startsWith("shop-7-host-");
    soon().until(() -> unnamed.instances(LIMITS).size() == 2);
    assertThat(unnamed.instances(LIMITS))
        .extracting(InstanceReleaseStatus::client)
        .containsExactly("shop 7@host", "shop 7@host");
  }

  private ConfigStore observed(boolean strict) {
    ConfigStoreBuilder builder = ConfigStore.builder(world.client()).observer(new ConfigObserver() {
      @Override
      public void onUnknownKeys(Namespace namespace, List<String> keys) {
        told.addAll(keys);
      }
    });
    return strict ? builder.refuseUnknownKeys().build() : builder.build();
  }
}
