package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.internal.follow.SnapshotFile;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.KeyRing;
import io.zookit.config.secret.KeyProvider;
import io.zookit.config.secret.SecretException;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkAccessException;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Secrets in releases, drafts, differences, files and texts for people. */
@Tag("full")
class SecretIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final String CANARY = "hunter2-canary";

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  record Db(String url, String password) {}

  @Test
  void publish_withASecret_isSealedEverywhereAndOpenForWhoHasTheKey() throws Exception {
    ConfigStore store = store("m1");
    Content content =
        Content.yaml("# db\nurl: jdbc:x\npassword: " + CANARY + "\n").markSecret("password");

    store.publish(LIMITS, content, ANA);

    LiveValue<Db> live = store.bind(LIMITS, Db.class).awaitReady(LONG);
    assertThat(live.current().password()).isEqualTo(CANARY);
    Content stored = store.history(LIMITS).content(1);
    assertThat(stored.text()).startsWith("# db\nurl: jdbc:x\npassword: \"{sealed}k1:");
    assertThat(store.history(LIMITS).reveal(stored).text()).contains(CANARY);
    assertNothingHoldsTheCanary();
    LiveValue<ConfigSnapshot> snapshot = store.follow(LIMITS).awaitReady(LONG);
    assertThat(snapshot.current().toString() + content + stored + snapshot).doesNotContain(CANARY);
    assertThat(snapshot.current().changesSince(ConfigSnapshot.empty(LIMITS)).toString())
        .doesNotContain(CANARY);
  }

  @Test
  void dataKey_ofAStoreThatPublishesAndFollows_isUnwrappedOnce() throws Exception {
    AtomicInteger unwrapped = new AtomicInteger();
    KeyProvider counting = new KeyProvider() {

      @Override
      public String current() {
        return "m1";
      }

      @Override
      public Wrapped wrap(byte[] dataKey, String bound) {
        return new Wrapped("m1", dataKey.clone());
      }

      @Override
      public byte[] unwrap(Wrapped wrapped, String bound) {
        unwrapped.incrementAndGet();
        return wrapped.bytes().clone();
      }
    };
    ConfigStore store = ConfigStore.builder(world.client()).keys(counting).build();
    store.publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);

    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);

    assertThat(live.current().get("p")).contains(CANARY);
    assertThat(unwrapped).hasValue(1);
  }

  @Test
  void publish_anUnchangedSecret_makesNoRelease_andAChangedOneStaysSecret() throws Exception {
    ConfigStore store = store("m1");
    store.publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);

    assertThat(store
            .publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA)
            .number())
        .isEqualTo(1);
    // Without a mark: what was secret stays secret.
    assertThat(store
            .publish(LIMITS, Content.properties("a=1\np=" + CANARY + "3\n"), ANA)
            .number())
        .isEqualTo(2);
    assertThat(store.history(LIMITS).content(2).isSecret("p")).isTrue();
    assertThat(store.history(LIMITS).diff("1", "2").toString())
        .contains("(secret)")
        .doesNotContain(CANARY);
    assertNothingHoldsTheCanary();
  }

  @Test
  void publish_bySomebodyWithoutKeys_keepsSealedValuesButTakesNoForeignOnes() throws Exception {
    ConfigStore store = store("m1");
    store.publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);
    Content sealed = store.history(LIMITS).content(1);
    ConfigStore keyless = world.store();

    assertThat(keyless.publish(LIMITS, sealed.with("a", "2"), BOB).number()).isEqualTo(2);
    assertThatThrownBy(
            () -> keyless.publish(LIMITS, sealed.with("q", sealed.get("p").orElseThrow()), BOB))
        .isInstanceOf(ConfigRejectedException.class);
    assertThatThrownBy(
            () -> store.publish(LIMITS, sealed.with("q", sealed.get("p").orElseThrow()), BOB))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("belongs elsewhere");
    assertThatThrownBy(() -> keyless.publish(LIMITS, sealed.withSecret("p", "new"), BOB))
        .isInstanceOf(SecretException.class);
  }

  @Test
  void importContent_intoAnotherEnvironment_sealsAnew() throws Exception {
    ConfigStore store = store("m1");
    store.publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);
    Namespace dev = Namespace.of("dev", "checkout", "limits");
    History history = store.history(LIMITS);

    Release imported = store.importContent(dev, history.reveal(history.content(1)), ANA);

    assertThat(imported.kind()).isEqualTo(Release.Kind.IMPORT);
    assertThat(store.history(dev).content(1).get("p"))
        .isNotEqualTo(history.content(1).get("p"));
    assertThat(store.follow(dev).awaitReady(LONG).current().get("p")).contains(CANARY);
    assertNothingHoldsTheCanary();
  }

  @Test
  void reveal_contentWithSecrets_isEnteredIntoTheAudit() throws Exception {
    ConfigStore store = store("m1");
    store.publish(
        LIMITS, Content.properties("a=1\n").withSecret("q", CANARY).withSecret("p", CANARY), ANA);
    History history = store.history(LIMITS);
    Environments environments = store.environments();
    assertThat(environments.revealed("", 10)).isEmpty();
    assertThatThrownBy(() -> world.store().history(LIMITS).reveal(history.content(1)))
        .isInstanceOf(SecretException.class);
    history.reveal(Content.properties("b=2\n"));
    assertThat(environments.revealed("", 10)).isEmpty();

    history.reveal(history.content(1));
    environments.copy(LIMITS, Namespace.of("dev", "checkout", "limits"), BOB);

    assertThat(environments.revealed("", 10)).hasSize(2).allSatisfy(opened -> {
      assertThat(opened.namespace()).isEqualTo(LIMITS);
      assertThat(opened.keys()).isEqualTo("p, q");
      assertThat(opened.author()).isEqualTo(System.getProperty("user.name"));
      assertThat(opened.client()).isNotEmpty();
    });
    assertThat(environments.revealed("prod/", 1)).hasSize(1);
    assertThat(environments.revealed("dev/", 10)).isEmpty();
    assertNothingHoldsTheCanary();
  }

  @Test
  void reveal_byAClientThatMayNotAppendToTheAudit_isRefused() throws Exception {
    ConfigStore store = store("m1");
    store.publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);
    world
        .plain()
        .create(
            world.root + "/audit", new byte[0], ZooDefs.Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT);
    History history = store.history(LIMITS);
    Content sealed = history.content(1);

    assertThatThrownBy(() -> history.reveal(sealed))
        .isInstanceOf(ZkAccessException.class)
        .hasMessageContaining("may not append")
        .hasMessageNotContaining(CANARY);
    assertThatThrownBy(() -> store.environments().portable(LIMITS, "@stable"))
        .isInstanceOf(ZkAccessException.class);
    assertThat(store.follow(LIMITS).awaitReady(LONG).current().get("p")).contains(CANARY);
  }

  @Test
  void rotate_masterAndDataKeys_keepsEveryReleaseReadable() throws Exception {
    ConfigStore old = store("m1");
    old.publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);
    ConfigStore both = store("m1", "m2");

    assertThat(both.maintenance().rotateKeys("prod")).isEqualTo(1);
    assertThat(both.maintenance().keys("prod"))
        .extracting(Maintenance.Key::master)
        .containsExactly("m2");
    assertThat(both.maintenance().newDataKey("prod")).isEqualTo("k2");
    ConfigStore fresh = store("m2");
    fresh.publish(LIMITS, Content.properties("a=2\n").withSecret("p", CANARY + "3"), ANA);

    History history = fresh.history(LIMITS);
    assertThat(history.content(2).get("p").orElseThrow()).startsWith("{sealed}k2:");
    assertThat(history.reveal(history.content(1)).get("p")).contains(CANARY);
    assertThat(history.reveal(history.content(2)).get("p")).contains(CANARY + "3");
  }

  @Test
  void policy_marksKeysAsSecret_inDraftsToo() throws Exception {
    ConfigStore store = store("m1");
    store.create(LIMITS, ANA);
    store.setPolicy(LIMITS, Policy.standard().withSecrets("db.*"), ANA);
    Draft draft = store
        .drafts(LIMITS)
        .open("d")
        .withContent(Content.properties("db.password=" + CANARY + "\na=1\n"));

    store.publish(store.drafts(LIMITS).save(draft, ANA), ANA);

    assertThat(store.history(LIMITS).content(1).isSecret("db.password")).isTrue();
    assertThat(store.history(LIMITS).content(1).isSecret("a")).isFalse();
    assertNothingHoldsTheCanary();
  }

  @Test
  void snapshotFile_holdsSealedValuesAndOpensWithoutZooKeeper() throws Exception {
    Path files = folder.resolve("snapshots");
    ConfigStore store =
        ConfigStore.builder(world.client()).keys(keys("m1")).snapshots(files).build();
    store.publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);
    store.follow(LIMITS).awaitReady(LONG);
    Path file = files.resolve("prod~checkout~limits.snapshot");
    soon().until(() -> Files.exists(file));

    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .doesNotContain(CANARY);
    assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    var away = world.keep(
        io.zookit.core.ZkClient.builder("127.0.0.1:1").root(world.root).start());
    ConfigStore alone =
        ConfigStore.builder(away).keys(keys("m1")).snapshots(files).build();
    ConfigSnapshot snapshot = alone.follow(LIMITS).awaitReady(LONG).current();
    assertThat(snapshot.get("p")).contains(CANARY);
    assertThat(snapshot.source()).isInstanceOf(ConfigSnapshot.Source.Stored.class);
  }

  /** The file has the data key as it was wrapped before; the node has it as it is wrapped now. */
  @Test
  void start_withAFileFromBeforeTheRotation_opensWhatIsInForce() throws Exception {
    Path files = folder.resolve("snapshots");
    store("m1").publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);
    remembering(files, "m1").follow(LIMITS).awaitReady(LONG).close();
    assertThat(mastersIn(files)).containsExactly("m1");
    assertThat(store("m1", "m2").maintenance().rotateKeys("prod")).isEqualTo(1);

    LiveValue<ConfigSnapshot> again = remembering(files, "m2").follow(LIMITS).awaitReady(LONG);

    assertThat(again.current().get("p")).contains(CANARY);
    assertThat(again.current().source()).isEqualTo(new ConfigSnapshot.Source.Live());
    assertThat(mastersIn(files)).containsExactly("m2");
  }

  /** A client that has unwrapped the key before keeps it in a form that can be unwrapped when the old master key is gone. */
  @Test
  void snapshotFile_writtenAfterTheRotation_hasTheKeyAsItIsWrappedNow() throws Exception {
    Path files = folder.resolve("snapshots");
    store("m1").publish(LIMITS, Content.properties("a=1\n").withSecret("p", CANARY), ANA);
    ConfigStore both = remembering(files, "m1", "m2");
    LiveValue<ConfigSnapshot> live = both.follow(LIMITS).awaitReady(LONG);
    assertThat(mastersIn(files)).containsExactly("m1");
    assertThat(both.maintenance().rotateKeys("prod")).isEqualTo(1);

    both.update(LIMITS, stable -> stable.with("a", "2"), ANA);

    soon().until(() -> live.current().release() == 2);
    assertThat(mastersIn(files)).containsExactly("m2");
  }

  private ConfigStore remembering(Path files, String... masters) throws Exception {
    return ConfigStore.builder(world.client())
        .keys(keys(masters))
        .snapshots(files)
        .build();
  }

  private static List<String> mastersIn(Path files) {
    return new SnapshotFile(files)
        .load(LIMITS).orElseThrow().header().keys().stream()
            .map(KeyRing.KeyRecord::master)
            .toList();
  }

  @Test
  void holding_aContentWhoseSecretsAreNotSealedYet_findsTheDraftOfTheSameSecrets()
      throws Exception {
    ConfigStore store = store("m1");
    store.publish(LIMITS, Content.properties("a=1\n"), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Content content = Content.properties("a=2\n").withSecret("pw", "one");
    drafts.save(drafts.open("sale").withContent(content), ANA);

    assertThat(drafts.holding(content)).map(Draft::name).contains("sale");
    assertThat(drafts.holding(content.withSecret("pw", "two"))).isEmpty();
    assertThat(drafts.holding(content.without("pw"))).isEmpty();
  }

  private ConfigStore store(String... masters) throws Exception {
    return ConfigStore.builder(world.client()).keys(keys(masters)).build();
  }

  private KeyProvider keys(String... masters) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (String master : masters) {
      byte[] key = java.util.Arrays.copyOf(master.getBytes(StandardCharsets.US_ASCII), 32);
      lines
          .append(master)
          .append('=')
          .append(Base64.getEncoder().encodeToString(key))
          .append('\n');
    }
    Path file = PrivateFile.write(folder.resolve(String.join("-", masters)), lines);
    return KeyProvider.inFile(file);
  }

  /** No node holds it as it is, and no compressed text does. */
  private void assertNothingHoldsTheCanary() throws Exception {
    var admin = world.plain();
    List<String> paths =
        world.below(world.root).stream().map(node -> node.path()).toList();
    for (String path : paths) {
      byte[] data = admin.getData(path, false, null);
      String text = data == null ? "" : new String(data, StandardCharsets.ISO_8859_1);
      assertThat(path + text).doesNotContain(CANARY);
      if (path.contains("/releases/")) {
        StoredRelease stored = StoredRelease.decode(data);
        assertThat(stored.open(stored.payload()).text()).doesNotContain(CANARY);
      }
    }
  }
}
