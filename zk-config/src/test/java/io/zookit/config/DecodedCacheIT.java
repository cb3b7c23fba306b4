package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.format.Document;
import io.zookit.config.internal.follow.DecodedCache;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.lang.ref.WeakReference;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Decoded values that clients of one JVM share, and those that they do not. */
@Tag("full")
class DecodedCacheIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void follow_byTwoClients_sharesASnapshotUntilTheLastOneCloses() throws Exception {
    ConfigStore publisher = world.store();
    publisher.publish(LIMITS, content(1), ANA);
    LiveValue<ConfigSnapshot> first = world.store().follow(LIMITS).awaitReady(LONG);
    LiveValue<ConfigSnapshot> second = world.store().follow(LIMITS).awaitReady(LONG);

    assertThat(second.current()).isSameAs(first.current());
    assertThat(DecodedCache.OF_THIS_JVM.values()).contains(first.current());
    world.close();
    soon().untilAsserted(() -> assertThat(DecodedCache.OF_THIS_JVM.values()).isEmpty());
  }

  @Test
  void follow_byTwoClients_sharesTheReleaseInTheHead() throws Exception {
    world.store().publish(LIMITS, content(1), ANA);
    LiveValue<ConfigSnapshot> first = world.store().follow(LIMITS).awaitReady(LONG);
    LiveValue<ConfigSnapshot> second = world.store().follow(LIMITS).awaitReady(LONG);
    Set<Object> heads = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Object> releases = Collections.newSetFromMap(new IdentityHashMap<>());

    for (Object value : DecodedCache.OF_THIS_JVM.values()) {
      switch (value.getClass().getSimpleName()) {
        case "ReadHead" -> heads.add(value);
        case "Text" -> releases.add(value);
        default -> {}
      }
    }

    assertThat(heads).hasSize(1);
    assertThat(releases).hasSize(1);
    assertThat(second.current().get("n")).isEqualTo(first.current().get("n"));
  }

  @Test
  void follow_inTwoEnsembles_getsWhatEachHas() throws Exception {
    try (ZkServer other = ZkServer.start()) {
      ConfigWorld there = new ConfigWorld(other, world.root);
      world.keep(there);
      world.store().publish(LIMITS, content(1), ANA);
      there.store().publish(LIMITS, content(2), ANA);

      LiveValue<ConfigSnapshot> mine = world.store().follow(LIMITS).awaitReady(LONG);
      LiveValue<ConfigSnapshot> theirs = there.store().follow(LIMITS).awaitReady(LONG);

      assertThat(mine.current().get("n")).contains("1");
      assertThat(theirs.current().get("n")).contains("2");
      world.close();
    }
  }

  @Test
  void follow_byAClientThatMayNotReadTheRelease_getsNothingOfIt() throws Exception {
    ConfigStore ana = ConfigStore.in(digestClient("ana"));
    ana.publish(LIMITS, content(1), ANA);
    LiveValue<ConfigSnapshot> hers = ana.follow(LIMITS).awaitReady(LONG);
    ZooKeeper admin = world.plain();
    admin.addAuthInfo("digest", "ana:secret of ana".getBytes(StandardCharsets.UTF_8));
    String release = world.path(LIMITS) + "/releases/0000000001";
    admin.setACL(release, ZooDefs.Ids.CREATOR_ALL_ACL, -1);
    List<String> refused = new CopyOnWriteArrayList<>();
    ConfigStore bob = ConfigStore.builder(digestClient("bob"))
        .observer(new ConfigObserver() {
          @Override
          public void onUnreadable(Namespace ns, String reason) {
            refused.add(reason);
          }
        })
        .build();

    LiveValue<ConfigSnapshot> his = bob.follow(LIMITS);

    soon().until(() -> !refused.isEmpty());
    assertThat(refused.get(0)).contains("NOAUTH");
    assertThat(his.latest()).isEmpty();
    assertThat(hers.current().get("n")).contains("1");
  }

  @Test
  void follow_aReleaseWithASecret_keepsNothingOpened() throws Exception {
    KeyProvider keys = keys();
    ConfigStore store = ConfigStore.builder(world.client()).keys(keys).build();
    store.publish(LIMITS, content(1).withSecret("p", "an opened secret"), ANA);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);
    LiveValue<ConfigSnapshot> other =
        ConfigStore.builder(world.client()).keys(keys).build().follow(LIMITS).awaitReady(LONG);
    assertThat(live.current().get("p")).contains("an opened secret");

    List<String> texts = new ArrayList<>();
    for (Object value : DecodedCache.OF_THIS_JVM.values()) {
      collect(value, texts);
    }

    assertThat(texts).isNotEmpty().noneMatch(text -> text.contains("an opened secret"));
    assertThat(other.current()).isNotSameAs(live.current()).isNotNull();
  }

  @Test
  void bind_aRecordOfADiscardedClassLoader_letsItBeCollected() throws Exception {
    ConfigStore stays = world.store();
    stays.publish(LIMITS, Content.properties("n=1"), ANA);
    LiveValue<ConfigSnapshot> live = stays.follow(LIMITS).awaitReady(LONG);

    WeakReference<ClassLoader> discarded = bindInAnotherLoader();

    soon().untilAsserted(() -> {
      System.gc();
      assertThat(discarded.get()).isNull();
    });
    assertThat(DecodedCache.OF_THIS_JVM.values()).contains(live.current());
  }

  private WeakReference<ClassLoader> bindInAnotherLoader() throws Exception {
    ClassLoader loader = new RecordLoader();
    Class<? extends Record> type =
        loader.loadClass(LoadedSettings.class.getName()).asSubclass(Record.class);
    assertThat(type).isNotEqualTo(LoadedSettings.class);
    try (ZkClient client =
        ZkClient.builder(zooKeeper.connectString()).root(world.root).connect()) {
      LiveValue<? extends Record> bound = ConfigStore.in(client).bind(LIMITS, type);
      assertThat(bound.awaitReady(LONG).current()).hasToString("LoadedSettings[n=1]");
    }
    return new WeakReference<>(loader);
  }

  /** Loads the record itself, and all else by its parent. */
  private static final class RecordLoader extends URLClassLoader {

    RecordLoader() {
      super(
          new URL[] {LoadedSettings.class.getProtectionDomain().getCodeSource().getLocation()},
          LoadedSettings.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.equals(LoadedSettings.class.getName())
          ? findClass(name)
          : super.loadClass(name, resolve);
    }
  }

  private ZkClient digestClient(String user) {
    return world.keep(ZkClient.builder(zooKeeper.connectString())
        .root(world.root)
        .digest(user, "secret of " + user)
        .access(io.zookit.core.AccessPolicy.open())
        .connect());
  }

  /** Longer than what is stored inside a head. */
  private static Content content(int n) {
    StringBuilder filler = new StringBuilder();
    java.util.Random random = new java.util.Random(n);
    while (filler.length() < 12_000) {
      filler.append(Long.toHexString(random.nextLong()));
    }
    return Content.properties("n=" + n + "\nfiller=" + filler + "\n");
  }

  /** All texts that a value of the cache holds. */
  private static void collect(@Nullable Object value, List<String> texts) throws Exception {
    if (value instanceof String text) {
      texts.add(text);
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        collect(entry.getKey(), texts);
        collect(entry.getValue(), texts);
      }
    } else if (value instanceof Iterable<?> all && !(value instanceof Path)) {
      for (Object each : all) {
        collect(each, texts);
      }
    } else if (value instanceof Document document) {
      collect(document.values(), texts);
    } else if (value instanceof ConfigSnapshot snapshot) {
      collect(snapshot.values(), texts);
    } else if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        collect(component.getAccessor().invoke(record), texts);
      }
    }
  }

  private KeyProvider keys() throws Exception {
    byte[] key = Arrays.copyOf("m1".getBytes(StandardCharsets.US_ASCII), 32);
    return KeyProvider.inFile(PrivateFile.write(
        folder.resolve("keys"), "m1=" + Base64.getEncoder().encodeToString(key) + "\n"));
  }
}
