package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.gray.Instance;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.LiveValue;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that earlier versions stored are read by this one, and nodes of later ones do no harm. */
class RecordedIT {

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
  void tree_ofFormat1_isReadWholeAndGoneOnWith() throws Exception {
    RecordedTree.load(RecordedTree.read("format-1.txt"), world.root, world.plain());

    assertAllIsThere(store());
    assertItGoesOn(store());
  }

  @Test
  void tree_ofThisVersion_isTheSame() throws Exception {
    RecordedTree.fill(world, store());
    String text = RecordedTree.dump(world, world.plain());
    Path file = Path.of("target", "recorded", "format.txt");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    ConfigWorld copy =
        world.keep(new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot() + "-copy"));
    RecordedTree.load(text, copy.root, world.plain());

    assertAllIsThere(ConfigStore.builder(copy.client())
        .keys(keys())
        .instance(Instance.named("x"))
        .build());
  }

  @Test
  void records_ofALaterVersionThatThisReaderMayRead_areUnderstood() throws Exception {
    ZooKeeper admin = world.plain();
    RecordedTree.load(RecordedTree.read("format-1.txt"), world.root, admin);
    for (String node : new String[] {"/head", "/policy", "/drafts/later"}) {
      String path = world.path(LIMITS) + node;
      String text = new String(admin.getData(path, false, null), StandardCharsets.ISO_8859_1);
      assertThat(text).startsWith("{\"v\":1,\"r\":1,");
      String later = "{\"v\":2,\"r\":1,\"later\":{\"a\":[1,null]}," + text.substring(13);
      admin.setData(path, later.getBytes(StandardCharsets.ISO_8859_1), -1);
    }

    ConfigStore store = store();

    assertThat(store.state(LIMITS).orElseThrow().stable()).hasValue(7);
    assertThat(store.policy(LIMITS).secrets()).containsExactly("db.*");
    assertThat(store.drafts(LIMITS).find("later").orElseThrow().base()).isEqualTo(7);
    assertThat(store.follow(LIMITS).awaitReady(LONG).current().get("max")).isPresent();
    assertItGoesOn(store);
  }

  private static void assertAllIsThere(ConfigStore store) throws Exception {
    History history = store.history(LIMITS);
    assertThat(store.namespaces()).containsExactlyInAnyOrder(LIMITS, PRICES);
    assertThat(history.verify().problems()).isEmpty();
    assertThat(store.history(PRICES).verify().problems()).isEmpty();
    assertThat(history.releases(100)).extracting(Release::number).containsExactly(8, 7, 6, 5, 4);
    assertThat(history.find("6").orElseThrow().kind()).isEqualTo(Release.Kind.ROLLBACK);
    assertThat(history.find("6").orElseThrow().restores()).hasValue(4);
    assertThat(history.find("6").orElseThrow().author()).isEqualTo("bob");
    assertThat(history.reveal(history.content(7)).get("db.password")).contains("s3cret");
    assertThat(store.history(PRICES).content(2).text()).isEqualTo("# euro\nbook: 13\nlist: []\n");
    NamespaceState state = store.state(LIMITS).orElseThrow();
    assertThat(state.stable()).hasValue(7);
    assertThat(state.grays()).containsExactly("trial");
    assertThat(state.pins()).containsExactly(4);
    assertThat(store.policy(LIMITS).secrets()).containsExactly("db.*");
    assertThat(store.drafts(LIMITS).find("later").orElseThrow().author()).isEqualTo("bob");
    assertThat(store.instances(PRICES)).extracting(ack -> ack.instance().id()).contains("i1");
    LiveValue<ConfigSnapshot> live = store.follow(PRICES).awaitReady(LONG);
    assertThat(live.current().get("book")).contains("13");
  }

  private static void assertItGoesOn(ConfigStore store) throws Exception {
    store.gray(LIMITS, "trial").orElseThrow().promote(ANA);
    assertThat(store.rollback(LIMITS, BOB).number()).isEqualTo(10);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> live.current().get("max").filter("7"::equals).isPresent());
    assertThat(live.current().get("db.password")).contains("s3cret");
    assertThat(store.history(LIMITS).verify().problems()).isEmpty();
  }

  private ConfigStore store() throws Exception {
    return ConfigStore.builder(world.client())
        .keys(keys())
        .instance(Instance.named("x"))
        .build();
  }

  private KeyProvider keys() throws Exception {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    return KeyProvider.inFile(PrivateFile.write(folder.resolve("keys"), "m1=" + key + "\n"));
  }
}
