package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.internal.upkeep.BlobCollector;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.LiveValue;
import io.zookit.core.Role;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.testkit.ZkServerExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Retention, large contents, backups, and the rights that each needs. */
@Tag("full")
class MaintenanceIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void collectBlobs_takesWhatNothingUsesButNothingYoungOrJustReused() throws Exception {
    ConfigStore store = world.store();
    Content large = Content.text(PublishIT.noise(1, 700_000));
    store.publish(LIMITS, large, ANA);
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(PRICES, numbers(1), ANA);
    store.setPolicy(LIMITS, Policy.standard().withRetention(1, Duration.ZERO, Long.MAX_VALUE), ANA);
    assertThat(store.maintenance().collect(LIMITS, ANA)).containsExactly(1);
    assertThat(store.maintenance().removableBlobs("prod")).isEmpty();

    BlobCollector tomorrow = tomorrow();
    Map<String, Stat> seen = tomorrow.old("prod");
    assertThat(seen).hasSize(1);
    String blob = seen.keySet().iterator().next();

    // Another publish begins to use it after the collector has looked.
    store.publish(PRICES, large, BOB);
    assertThat(tomorrow.delete("prod", blob, requireNonNull(seen.get(blob)))).isFalse();
    assertThat(tomorrow.collect("prod", true)).isEmpty();
    assertThat(store.history(PRICES).content(2)).isEqualTo(large);

    store.publish(PRICES, numbers(2), BOB);
    store.setPolicy(PRICES, Policy.standard().withRetention(1, Duration.ZERO, Long.MAX_VALUE), ANA);
    store.maintenance().collect(PRICES, ANA);
    assertThat(tomorrow.collect("prod", true)).containsExactly(blob);
    assertThat(store.publish(PRICES, large, BOB).number()).isEqualTo(4);
    assertThat(store.history(PRICES).content(4)).isEqualTo(large);
  }

  /** The re-created blob has the version of the one before. */
  @Test
  void collectBlobs_ofWhatAnotherCollectorTookAndAPublisherMadeAnew_takesNothing()
      throws Exception {
    ConfigStore store = world.store();
    Content large = Content.text(PublishIT.noise(1, 700_000));
    store.publish(LIMITS, large, ANA);
    store.publish(LIMITS, numbers(1), ANA);
    store.setPolicy(LIMITS, Policy.standard().withRetention(1, Duration.ZERO, Long.MAX_VALUE), ANA);
    store.maintenance().collect(LIMITS, ANA);
    BlobCollector tomorrow = tomorrow();
    Map<String, Stat> seen = tomorrow.old("prod");
    String blob = seen.keySet().iterator().next();
    assertThat(tomorrow.collect("prod", true)).containsExactly(blob);
    store.publish(LIMITS, large, BOB);
    Stat anew = requireNonNull(tomorrow.old("prod").get(blob));
    assertThat(anew.getVersion()).isEqualTo(requireNonNull(seen.get(blob)).getVersion());

    assertThat(tomorrow.delete("prod", blob, requireNonNull(seen.get(blob)))).isFalse();

    assertThat(store.history(LIMITS).content(3)).isEqualTo(large);
  }

  /** The collector looked for releases that use it before the restore brought them back. */
  @Test
  void restore_ofABlobThatACollectorIsAboutToTake_keepsIt() throws Exception {
    ConfigStore store = world.store();
    Content large = Content.text(PublishIT.noise(5, 700_000));
    store.publish(LIMITS, large, ANA);
    ByteArrayOutputStream backup = new ByteArrayOutputStream();
    store.maintenance().backup(backup);
    BlobCollector tomorrow = tomorrow();
    Map<String, Stat> seen = tomorrow.old("prod");
    String blob = seen.keySet().iterator().next();

    store.maintenance().restore(new ByteArrayInputStream(backup.toByteArray()), BOB);

    assertThat(tomorrow.delete("prod", blob, requireNonNull(seen.get(blob)))).isFalse();
    assertThat(store.history(LIMITS).content(1)).isEqualTo(large);
  }

  private BlobCollector tomorrow() {
    StoreAccess access = StoreAccess.of(CoreClient.of(world.client()), StoreSettings.STANDARD);
    return new BlobCollector(access.reader(), () -> Instant.now().plus(Duration.ofHours(25)));
  }

  @Test
  void collect_aReleaseThatAnInstanceStillHas_stays() throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, Content.properties("a=1\nb=1\n"), ANA);
    store.setPolicy(LIMITS, Policy.standard().withRetention(1, Duration.ZERO, Long.MAX_VALUE), ANA);
    store.bind(LIMITS, FollowIT.Pair.class).awaitReady(LONG);
    store.publish(LIMITS, Content.properties("a=no number"), ANA);
    store.publish(LIMITS, Content.properties("b=no number"), ANA);
    soon().until(() -> store.instances(LIMITS).stream().anyMatch(ack -> ack.offered() == 3));

    assertThat(store.maintenance().collect(LIMITS, ANA)).containsExactly(2);
    assertThat(store.history(LIMITS).content(1).values()).containsEntry("a", "1");
  }

  @Test
  @Tag("full")
  void restore_intoAnotherRoot_bringsEverythingBackUnderANewEpoch() throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(LIMITS, Content.text(PublishIT.noise(3, 700_000)), ANA);
    store.publish(PRICES, numbers(1), ANA);
    Drafts drafts = store.drafts(LIMITS);
    drafts.save(drafts.open("d"), ANA);
    ByteArrayOutputStream backup = new ByteArrayOutputStream();
    store.maintenance().backup(backup);
    ConfigWorld elsewhere =
        world.keep(new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot() + "-b"));
    ConfigStore other = elsewhere.store();

    assertThat(other.maintenance().restore(new ByteArrayInputStream(backup.toByteArray()), BOB))
        .containsExactlyInAnyOrder(LIMITS, PRICES);

    assertThat(other.history(LIMITS).content(2)).isEqualTo(store.history(LIMITS).content(2));
    assertThat(other.state(LIMITS).orElseThrow().epoch()).isEqualTo(2);
    assertThat(other.history(LIMITS).verify().problems()).isEmpty();
    assertThat(other.drafts(LIMITS).list()).hasSize(1);
    assertThat(other.publish(LIMITS, numbers(2), ANA).number()).isEqualTo(3);
    for (int length = 0; length < backup.size(); length += 1 + backup.size() / 40) {
      byte[] cut = Arrays.copyOf(backup.toByteArray(), length);
      assertThatThrownBy(() -> other.maintenance().restore(new ByteArrayInputStream(cut), BOB))
          .isInstanceOf(UncheckedIOException.class);
    }
    assertThat(other.state(LIMITS).orElseThrow().epoch()).isEqualTo(2);
  }

  @Test
  void restore_overANewerState_isTakenByClients() throws Exception {
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);
    ByteArrayOutputStream backup = new ByteArrayOutputStream();
    store.maintenance().backup(backup);
    store.publish(LIMITS, numbers(2), ANA);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG);

    store.maintenance().restore(new ByteArrayInputStream(backup.toByteArray()), BOB);

    soon().until(() -> live.current().get("a").filter("1"::equals).isPresent());
    assertThat(store.publish(LIMITS, numbers(3), ANA).number()).isEqualTo(3);
    assertThat(store.history(LIMITS).verify().problems()).isEmpty();
  }

  @Test
  void propose_saysWhatPublishingWouldDo() throws Exception {
    ConfigStore store = ConfigStore.builder(world.client())
        .requiring(LIMITS, FollowIT.Pair.class)
        .validator((ns, values) -> "13".equals(values.get("a")) ? List.of("a: unlucky") : List.of())
        .build();
    store.publish(LIMITS, numbers(1), ANA);
    store.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> store.instances(LIMITS).size() == 1);

    PublishPreview good = store.preview(LIMITS, numbers(2));
    assertThat(good.number()).isEqualTo(2);
    assertThat(good.instances()).isEqualTo(1);
    assertThat(good.problems()).isEmpty();
    assertThat(good.diff().keys()).hasSize(2);
    assertThat(store.preview(LIMITS, numbers(1)).unchanged()).isTrue();
    assertThat(store.preview(LIMITS, numbers(13)).problems()).containsExactly("a: unlucky");
    assertThatThrownBy(() -> store.publish(LIMITS, Content.properties("a=x"), ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("b: missing");
    assertThat(store.state(LIMITS).orElseThrow().revision()).isEqualTo(1);
  }

  @Test
  void roles_mayDoWhatTheTableSaysAndNothingElse() throws Exception {
    AccessPolicy policy = AccessPolicy.sharedBy(Identity.digest("root", "r"))
        .withRole(Role.PUBLISHER, Identity.digest("pub", "p"))
        .withRole(Role.EDITOR, Identity.digest("ed", "e"))
        .withRole(Role.APPLICATION, Identity.digest("app", "a"));
    ConfigStore root = as(policy, "root", "r");
    root.publish(LIMITS, numbers(1), ANA);
    assertThat(root.maintenance().setUpAccess()).isGreaterThan(8);
    ConfigStore publisher = as(policy, "pub", "p");
    ConfigStore editor = as(policy, "ed", "e");
    ConfigStore application = as(policy, "app", "a");

    assertThat(publisher.publish(LIMITS, numbers(2), ANA).number()).isEqualTo(2);
    Draft draft = editor.drafts(LIMITS).open("d").withContent(numbers(3));
    Draft saved = editor.drafts(LIMITS).save(draft, BOB);
    assertThatThrownBy(() -> editor.publish(saved, BOB)).isInstanceOf(ZkAccessException.class);
    assertThatThrownBy(() -> application.publish(LIMITS, numbers(4), BOB))
        .isInstanceOf(ZkAccessException.class);
    assertThatThrownBy(() -> application.drafts(LIMITS).save(draft, BOB))
        .isInstanceOf(ZkAccessException.class);
    assertThat(application.follow(LIMITS).awaitReady(LONG).current().get("a")).contains("2");
    assertThatThrownBy(() -> {
          publisher.setPolicy(
              LIMITS, Policy.standard().withRetention(1, Duration.ZERO, Long.MAX_VALUE), ANA);
          publisher.publish(LIMITS, numbers(5), ANA);
          publisher.publish(LIMITS, numbers(6), ANA);
          publisher.maintenance().collect(LIMITS, ANA);
        })
        .isInstanceOf(ZkAccessException.class);
    soon().until(() -> publisher.instances(LIMITS).size() == 1);
  }

  private ConfigStore as(AccessPolicy policy, String user, String password) {
    return ConfigStore.in(world.keep(ZkClient.builder(zooKeeper.server().connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(world.root)
        .digest(user, password)
        .access(policy)
        .connect()));
  }
}
