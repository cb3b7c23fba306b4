package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.bind.DefaultValue;
import io.zookit.config.bind.Range;
import io.zookit.config.format.KeyChange;
import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkTimeoutException;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Releases as a client receives them, and its acknowledgements. */
@Tag("full")
class FollowIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  record Limits(
      @Range(min = "1", max = "500") int maxOrders,
      @DefaultValue("5s") Duration timeout) {}

  record Pair(int a, int b) {}

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void bind_aRecord_followsReleases() throws Exception {
    store.publish(LIMITS, Content.properties("max-orders=200"), ANA);
    try (LiveValue<Limits> live = store.bind(LIMITS, Limits.class)) {
      live.awaitReady(LONG);
      assertThat(live.current()).isEqualTo(new Limits(200, Duration.ofSeconds(5)));

      store.publish(LIMITS, Content.yaml("maxOrders: 300\ntimeout: 250ms\n"), ANA);

      soon().until(() -> live.current().equals(new Limits(300, Duration.ofMillis(250))));
      assertThat(live.age()).isZero();
    }
    soon().untilAsserted(() -> assertThat(store.instances(LIMITS)).isEmpty());
  }

  @Test
  void bind_aReleaseThatDoesNotFit_keepsTheLastGoodOneWholeAndSaysWhy() throws Exception {
    store.publish(LIMITS, Content.properties("max-orders=200\ntimeout=1s"), ANA);
    LiveValue<Limits> live = store.bind(LIMITS, Limits.class).awaitReady(LONG);
    LiveValue<ConfigSnapshot> plain = store.follow(LIMITS).awaitReady(LONG);

    store.publish(LIMITS, Content.properties("max-orders=9999\ntimeout=2s"), ANA);

    soon().until(() -> ack().status() == InstanceReleaseStatus.Status.REJECTED);
    assertThat(ack().release()).isEqualTo(1);
    assertThat(ack().offered()).isEqualTo(2);
    assertThat(ack().reason()).contains("max-orders").doesNotContain("9999");
    assertThat(live.current()).isEqualTo(new Limits(200, Duration.ofSeconds(1)));
    assertThat(plain.current().get("timeout")).contains("1s");
    store.rollback(LIMITS, 1, ANA);
    soon()
        .until(() ->
            ack().status() == InstanceReleaseStatus.Status.APPLIED && ack().release() == 3);
  }

  @Test
  void bind_whenThereNeverWasAGoodOne_saysWhy() throws Exception {
    store.publish(LIMITS, Content.properties("max-orders=many"), ANA);
    LiveValue<Limits> live = store.bind(LIMITS, Limits.class);

    soon()
        .untilAsserted(() -> assertThatThrownBy(live::current)
            .isInstanceOf(ConfigRejectedException.class)
            .hasMessageContaining("max-orders"));
    assertThatThrownBy(() -> live.awaitReady(Duration.ofMillis(10)))
        .isInstanceOf(ConfigRejectedException.class);
  }

  @Test
  void follow_aNamespaceThatComesLater_getsItsFirstRelease() throws Exception {
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS);
    assertThatThrownBy(() -> live.awaitReady(Duration.ofMillis(50)))
        .isInstanceOf(ZkTimeoutException.class);

    store.publish(LIMITS, numbers(1), ANA);

    live.awaitReady(LONG);
    assertThat(live.current().get("a")).contains("1");
    assertThat(live.current().source()).isEqualTo(new ConfigSnapshot.Source.Live());
  }

  @Test
  @Tag("full")
  void snapshots_whileReleasesFollowEachOther_areNeverTornAndNeverGoBack() throws Exception {
    store.publish(LIMITS, numbers(0), ANA);
    List<String> wrong = new CopyOnWriteArrayList<>();
    List<LiveValue<Pair>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      LiveValue<Pair> live = world.instance("r" + i).bind(LIMITS, Pair.class);
      AtomicInteger last = new AtomicInteger(-1);
      live.subscribe(pair -> {
        if (pair.a() != pair.b() || last.getAndSet(pair.a()) > pair.a()) {
          wrong.add(pair.toString());
        }
      });
      readers.add(live);
    }
    for (int n = 1; n <= 100; n++) {
      store.publish(LIMITS, numbers(n), ANA);
    }

    soon()
        .until(() -> readers.stream()
            .allMatch(live -> live.latest().filter(pair -> pair.a() == 100).isPresent()));
    assertThat(wrong).isEmpty();
  }

  @Test
  void listen_tellsDifferencesInOrderAndTheLastOne() throws Exception {
    store.publish(LIMITS, numbers(0), ANA);
    List<Integer> told = new CopyOnWriteArrayList<>();
    Set<String> threads = ConcurrentHashMap.newKeySet();
    Subscription listening = store.listen(LIMITS, (now, changes) -> {
      threads.add(Thread.currentThread().getName());
      assertThat(changes).extracting(KeyChange::key).containsExactly("a", "b");
      told.add(Integer.valueOf(now.get("a", "")));
    });
    for (int n = 1; n <= 50; n++) {
      store.publish(LIMITS, numbers(n), ANA);
    }

    soon().until(() -> told.contains(50));
    assertThat(told).isSorted().doesNotHaveDuplicates().endsWith(50);
    assertThat(threads).noneMatch(name -> name.contains("EventThread") || name.contains("Send"));
    listening.close();
  }

  @Test
  void listen_oneThatBlocks_delaysOnlyItselfAndIsToldTheDifferenceToWhatItKnows() throws Exception {
    store.publish(LIMITS, Content.properties("a=1"), ANA);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<List<KeyChange>> slow = new CopyOnWriteArrayList<>();
    List<String> quick = new CopyOnWriteArrayList<>();
    store.listen(LIMITS, (now, changes) -> {
      slow.add(changes);
      inside.countDown();
      awaitQuietly(go);
    });
    store.listen(LIMITS, (now, changes) -> {
      quick.add(now.get("a", ""));
      throw new IllegalStateException("of the test");
    });
    assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();

    store.publish(LIMITS, Content.properties("a=2"), ANA);
    soon().until(() -> quick.contains("2"));
    store.publish(LIMITS, Content.properties("a=1"), ANA);
    soon().until(() -> quick.equals(List.of("1", "2", "1")));
    store.publish(LIMITS, Content.properties("a=1\nb=1"), ANA);
    soon().until(() -> quick.size() == 4);
    go.countDown();

    soon().until(() -> slow.size() == 2);
    assertThat(slow.get(1)).containsExactly(new KeyChange.Added("b", "1"));
  }

  @Test
  void layers_ofPublicNamespaces_areBelowTheOwnValues() throws Exception {
    Namespace common = Namespace.of("prod", "platform", "common");
    store.publish(common, Content.properties("a=common\nc=common"), ANA);
    store.publish(LIMITS, Content.properties("a=own"), ANA);
    assertThatThrownBy(() -> store.setPolicy(LIMITS, Policy.standard().withLayers(common), ANA))
        .isInstanceOf(ConfigRefusedException.class);
    store.setPolicy(common, Policy.standard().asPublic(), ANA);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);

    store.setPolicy(LIMITS, Policy.standard().withLayers(common), ANA);

    soon().until(() -> live.current().get("c").isPresent());
    assertThat(live.current().get("a")).contains("own");
    assertThat(live.current().origin("c").orElseThrow().layer()).isEqualTo(common.toString());
    store.publish(common, Content.properties("c=other"), ANA);
    soon().until(() -> live.current().get("c").filter("other"::equals).isPresent());
    assertThat(store.explain(LIMITS, "a", Instance.named("x")))
        .extracting(ConfigStore.Explained::value)
        .containsExactly("own");
    assertThat(store.explain(LIMITS, "c", Instance.named("x")).get(0).origin().author())
        .isEqualTo("ana");
  }

  @Test
  void publish_severalNamespaces_clientsThatFollowBothApplyThemTogetherOrNot() throws Exception {
    store.publish(Map.of(LIMITS, Content.properties("max-orders=1"), PRICES, numbers(1)), ANA);
    LiveValue<Limits> limits = store.bind(LIMITS, Limits.class).awaitReady(LONG);
    LiveValue<ConfigSnapshot> prices = store.follow(PRICES).awaitReady(LONG);

    store.publish(Map.of(LIMITS, Content.properties("max-orders=0"), PRICES, numbers(2)), ANA);
    soon()
        .until(() -> store.instances(PRICES).stream()
            .anyMatch(ack -> ack.status() == InstanceReleaseStatus.Status.REJECTED));
    assertThat(prices.current().get("a")).contains("1");

    store.publish(Map.of(LIMITS, Content.properties("max-orders=3"), PRICES, numbers(3)), ANA);
    soon().until(() -> prices.current().get("a").filter("3"::equals).isPresent());
    soon().until(() -> limits.current().maxOrders() == 3);
  }

  @Test
  void head_setBack_isRefusedAndReported() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    ZooKeeper admin = world.plain();
    String head = world.path(LIMITS) + "/head";
    byte[] old = admin.getData(head, false, null);
    store.publish(LIMITS, numbers(2), ANA);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);
    List<Long> seen = new CopyOnWriteArrayList<>();
    live.subscribe(snapshot -> seen.add(snapshot.revision()));

    admin.setData(head, old, -1);

    soon().until(() -> ack().status() == InstanceReleaseStatus.Status.STALE);
    assertThat(live.current().get("a")).contains("2");
    assertThatThrownBy(() -> store.publish(LIMITS, numbers(3), ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("epoch");
    store.maintenance().raiseEpoch(LIMITS, 0, ANA);
    soon().until(() -> live.current().get("a").filter("1"::equals).isPresent());
    assertThat(live.current().epoch()).isEqualTo(2);
    assertThat(store.publish(LIMITS, numbers(3), ANA).number()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void head_olderForAMoment_isRefusedAndThenForgotten() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    ZooKeeper admin = world.plain();
    String head = world.path(LIMITS) + "/head";
    byte[] old = admin.getData(head, false, null);
    store.publish(LIMITS, numbers(2), ANA);
    byte[] right = admin.getData(head, false, null);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> ack().release() == 2);

    admin.setData(head, old, -1);
    soon().until(() -> ack().status() == InstanceReleaseStatus.Status.STALE);
    admin.setData(head, right, -1);

    soon().until(() -> ack().status() == InstanceReleaseStatus.Status.APPLIED);
    assertThat(live.current().get("a")).contains("2");
  }

  @Test
  void head_deletedAndMadeAnewByHand_isTakenWithANewEpoch() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> !store.instances(LIMITS).isEmpty());
    org.apache.zookeeper.ZKUtil.deleteRecursive(world.plain(), world.path(LIMITS));
    assertThat(live.current().get("a")).contains("1");

    store.publish(LIMITS, numbers(7), ANA);

    soon().until(() -> live.current().get("a").filter("7"::equals).isPresent());
    assertThat(live.current().epoch()).isEqualTo(2);
  }

  @Test
  void head_ofALaterVersion_keepsTheLastGoodValues() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);

    world
        .plain()
        .setData(
            world.path(LIMITS) + "/head",
            "{\"v\":9,\"r\":9,\"all\":\"new\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            -1);

    soon().until(() -> ack().status() == InstanceReleaseStatus.Status.UNSUPPORTED);
    assertThat(live.current().get("a")).contains("1");
  }

  @Test
  void release_damaged_isNotUsed() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(LIMITS, numbers(2), ANA);
    store.rollback(LIMITS, 1, ANA);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);
    ZooKeeper admin = world.plain();
    String path = world.path(LIMITS) + "/releases/0000000002";
    byte[] data = admin.getData(path, false, null);
    data[data.length - 9] ^= 1;
    admin.setData(path, data, -1);

    assertThatThrownBy(() -> store.history(LIMITS).content(2)).isInstanceOf(RuntimeException.class);
    assertThat(store.history(LIMITS).verify().problems()).hasSize(1);
    assertThat(live.current().get("a")).contains("1");
  }

  @Test
  void override_withAnEnd_isAboveAllAndShown() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    Path file = folder.resolve("prod~checkout~limits.properties");
    Files.writeString(file, "~until=2100-01-01T00:00:00Z\n~by=eve\na=99\n");
    ConfigStore here = ConfigStore.builder(world.client())
        .instance(Instance.named("here"))
        .overrides(folder)
        .build();

    LiveValue<ConfigSnapshot> live = here.follow(LIMITS).awaitReady(LONG);

    assertThat(live.current().get("a")).contains("99");
    assertThat(live.current().get("b")).contains("1");
    assertThat(live.current().origin("a").orElseThrow().author()).isEqualTo("eve");
    soon().until(() -> ack().status() == InstanceReleaseStatus.Status.OVERRIDDEN);
    Files.writeString(file, "a=98\n");
    store.publish(LIMITS, numbers(2), ANA);
    soon().until(() -> live.current().get("a").filter("2"::equals).isPresent());
  }

  @Test
  void override_ofTwoNamespaces_eachEndsAtItsTime() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(PRICES, numbers(1), ANA);
    Instant soonEnded = Instant.now().plusSeconds(8);
    Files.writeString(
        folder.resolve("prod~checkout~limits.properties"), "~until=" + soonEnded + "\na=99\n");
    Files.writeString(
        folder.resolve("prod~checkout~prices.properties"), "~until=2100-01-01T00:00:00Z\na=98\n");
    ConfigStore here = ConfigStore.builder(world.client())
        .instance(Instance.named("here"))
        .overrides(folder)
        .build();

    LiveValue<ConfigSnapshot> limits = here.follow(LIMITS).awaitReady(LONG);
    assertThat(limits.current().get("a")).contains("99");
    LiveValue<ConfigSnapshot> prices = here.follow(PRICES).awaitReady(LONG);

    assertThat(prices.current().get("a")).contains("98");
    soon().until(() -> limits.current().get("a").filter("1"::equals).isPresent());
    assertThat(prices.current().get("a")).contains("98");
  }

  @Test
  @Tag("full")
  void ack_afterTheSessionEnded_isThereAgainOnce() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    io.zookit.core.ZkClient client = world.client();
    ConfigStore other =
        ConfigStore.builder(client).instance(Instance.named("web-1")).build();
    LiveValue<ConfigSnapshot> live = other.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> store.instances(LIMITS).size() == 1);
    String before = ack().incarnation();

    String node = world.below(world.root + "/config-acks").stream()
        .filter(each -> each.ephemeral())
        .findFirst()
        .orElseThrow()
        .path();
    org.apache.zookeeper.data.Stat stat = world.plain().exists(node, false);
    zooKeeper.server().expire(stat.getEphemeralOwner());

    soon()
        .until(() -> store.instances(LIMITS).size() == 1 && !ack().incarnation().equals(before));
    store.publish(LIMITS, numbers(2), ANA);
    soon().until(() -> live.current().release() == 2 && ack().release() == 2);
  }

  @Test
  void close_overABorrowedConnection_leavesTheWatcherOfTheApplication() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    CuratorFramework curator = world.keep(
        CuratorFrameworkFactory.newClient(zooKeeper.connectString(), new RetryOneTime(100)));
    curator.start();
    ZkClient client = world.keep(ZkClient.borrowing(curator).root(world.root).connect());
    LiveValue<ConfigSnapshot> live = ConfigStore.in(client).follow(LIMITS).awaitReady(LONG);
    List<EventType> heard = new CopyOnWriteArrayList<>();
    Watcher watcher = event -> heard.add(event.getType());
    curator.getData().usingWatcher(watcher).forPath(world.path(LIMITS) + "/head");
    live.close();
    client.close(); // everything of it is sent
    store.publish(LIMITS, numbers(2), ANA);
    soon().until(() -> !heard.isEmpty());
    assertThat(heard).containsExactly(EventType.NodeDataChanged);
  }

  private InstanceReleaseStatus ack() throws InterruptedException {
    List<InstanceReleaseStatus> acks = store.instances(LIMITS);
    return acks.isEmpty() ? NOBODY : acks.get(0);
  }

  private static final InstanceReleaseStatus NOBODY = new InstanceReleaseStatus(
      Instance.named("nobody"),
      "",
      InstanceReleaseStatus.Status.APPLIED,
      0,
      0,
      0,
      0,
      "",
      java.util.Optional.empty(),
      java.util.Optional.empty(),
      "");

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
