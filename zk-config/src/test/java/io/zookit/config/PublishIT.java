package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zookit.config.format.KeyChange;
import io.zookit.core.LiveValue;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publishing, rolling back, and the nodes in ZooKeeper afterwards. */
class PublishIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void publish_first_makesReleaseOne() throws Exception {
    Release release = store.publish(LIMITS, numbers(1), ANA);

    assertThat(release.number()).isEqualTo(1);
    assertThat(release.author()).isEqualTo("ana");
    assertThat(release.parent()).isEmpty();
    assertThat(store.state(LIMITS).orElseThrow().stable()).hasValue(1);
    assertThat(store.history(LIMITS).content(1).text()).isEqualTo(numbers(1).text());
  }

  @Test
  void publish_sameContent_makesNoRelease() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);

    assertThat(store.publish(LIMITS, numbers(1), BOB).number()).isEqualTo(1);
    assertThat(store.state(LIMITS).orElseThrow().revision()).isEqualTo(1);
  }

  @Test
  void publish_onTopOfAnOlderRelease_isAConflictWithBothDifferences() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\nb=1\n"), ANA);
    store.publish(LIMITS, Content.properties("a=2\nb=1\n"), BOB);

    ConfigConflictException conflict = catchThrowableOfType(
        ConfigConflictException.class,
        () -> store.publish(LIMITS, Content.properties("a=1\nb=3\n"), ANA.onTopOf(1)));

    assertThat(conflict.mine().keys()).containsExactly(new KeyChange.Changed("b", "1", "3"));
    assertThat(conflict.theirs().keys()).containsExactly(new KeyChange.Changed("a", "1", "2"));
    assertThat(conflict.stable()).isEqualTo(2);
    assertThat(store.state(LIMITS).orElseThrow().lastRelease()).isEqualTo(2);
  }

  @Test
  void rollback_toTheFirstRelease_restoresItsContentAsANewOne() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(LIMITS, numbers(2), ANA);

    Release back = store.rollback(LIMITS, 1, BOB);

    assertThat(back.number()).isEqualTo(3);
    assertThat(back.kind()).isEqualTo(Release.Kind.ROLLBACK);
    assertThat(back.restores()).hasValue(1);
    assertThat(store.history(LIMITS).content(3)).isEqualTo(numbers(1));
    assertThat(store.history(LIMITS).content(2)).isEqualTo(numbers(2));
  }

  @Test
  void rollback_again_goesFurtherBackAndNeverToWhatWasRolledBack() throws Exception {
    for (int n = 1; n <= 3; n++) {
      store.publish(LIMITS, numbers(n), ANA);
    }

    assertThat(store.rollback(LIMITS, ANA).restores()).hasValue(2);
    assertThat(store.rollback(LIMITS, ANA).restores()).hasValue(1);
    assertThatThrownBy(() -> store.rollback(LIMITS, ANA))
        .isInstanceOf(ConfigNotFoundException.class);
    assertThat(store.history(LIMITS).find("@stable").orElseThrow().number()).isEqualTo(5);
  }

  @Test
  void publish_largeContent_isStoredInPiecesAndReadBack() throws Exception {
    Content large = Content.text(noise(1, 1_500_000));
    try (LiveValue<ConfigSnapshot> live = store.follow(LIMITS)) {
      store.publish(LIMITS, large, ANA);

      assertThat(store.history(LIMITS).content(1)).isEqualTo(large);
      live.awaitReady(LONG);
      assertThat(live.current().get("content")).contains(large.text());
    }
    assertThat(world.below(world.root + "/config/prod/blobs")).hasSizeGreaterThan(2);
  }

  @Test
  void publish_tooLarge_isRefusedBeforeAnythingIsSent() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);

    assertThatThrownBy(() -> store.publish(LIMITS, Content.text(noise(2, 6_500_000)), ANA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most");
    assertThat(store.state(LIMITS).orElseThrow().lastRelease()).isEqualTo(1);
  }

  @Test
  void publish_severalNamespaces_isOneTransaction() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(PRICES, numbers(1), ANA);

    Map<Namespace, Release> both =
        store.publish(Map.of(LIMITS, numbers(2), PRICES, numbers(2)), ANA);

    assertThat(both).hasSize(2);
    assertThat(both.values()).extracting(Release::number).containsOnly(2);
    assertThat(Set.copyOf(both.values().stream().map(Release::publishId).toList()))
        .hasSize(1);
    store.delete(PRICES, ANA);
    assertThatThrownBy(() -> store.publish(Map.of(LIMITS, numbers(3), PRICES, numbers(3)), ANA))
        .isInstanceOf(ConfigRefusedException.class);
    assertThat(store.state(LIMITS).orElseThrow().stable()).hasValue(2);
  }

  @Test
  void publish_inAFreeze_isRefusedUnlessInsisted() throws Exception {
    store.create(LIMITS, ANA);
    Policy.Freeze freeze = new Policy.Freeze(
        Instant.parse("2000-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"), "audit");
    store.setPolicy(LIMITS, Policy.standard().withFreezes(freeze), ANA);

    assertThatThrownBy(() -> store.publish(LIMITS, numbers(1), ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("audit");
    assertThat(store.publish(LIMITS, numbers(1), ANA.overrideFreeze()).number()).isEqualTo(1);
  }

  @Test
  void delete_andRestore_keepEverything() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    try (LiveValue<ConfigSnapshot> live = store.follow(LIMITS)) {
      live.awaitReady(LONG);
      store.delete(LIMITS, ANA);

      soon().until(() -> live.current().isDeleted());
      assertThat(live.current().get("a")).contains("1");
      assertThatThrownBy(() -> store.publish(LIMITS, numbers(2), ANA))
          .isInstanceOf(ConfigRefusedException.class);
      store.restore(LIMITS, ANA);
      soon().until(() -> !live.current().isDeleted());
      assertThat(store.publish(LIMITS, numbers(2), ANA).number()).isEqualTo(2);
    }
  }

  @Test
  void purge_ofWhatIsUsedOrJustDeleted_isRefused_andNumbersAreNeverGivenTwice() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    assertThatThrownBy(() -> store.maintenance().purge(LIMITS, Duration.ZERO, ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("not deleted");
    store.delete(LIMITS, ANA);
    assertThatThrownBy(() -> store.maintenance().purge(LIMITS, Duration.ofDays(7), ANA))
        .isInstanceOf(ConfigRefusedException.class);
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS);
    soon().until(() -> store.instances(LIMITS).size() == 1);
    assertThatThrownBy(() -> store.maintenance().purge(LIMITS, Duration.ZERO, ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("1 instances");
    live.close();
    soon().until(() -> store.instances(LIMITS).isEmpty());

    store.maintenance().purge(LIMITS, Duration.ZERO, ANA);

    assertThat(store.namespaces()).isEmpty();
    assertThat(store.state(LIMITS)).isEmpty();
    assertThat(store.publish(LIMITS, numbers(5), ANA).number()).isEqualTo(2);
    assertThat(store.history(LIMITS).verify().problems()).isEmpty();
  }

  @Test
  void collect_removesOldReleasesButNoneThatIsUsed() throws Exception {
    store.create(LIMITS, ANA);
    store.setPolicy(LIMITS, Policy.standard().withRetention(2, Duration.ZERO, Long.MAX_VALUE), ANA);
    for (int n = 1; n <= 8; n++) {
      store.publish(LIMITS, numbers(n), ANA);
    }
    store.pin(LIMITS, 2, ANA);
    Draft draft = store.drafts(LIMITS).open("later");
    store.drafts(LIMITS).save(draft.withContent(numbers(99)), ANA);
    store.publish(LIMITS, numbers(9), ANA);
    store.publish(LIMITS, numbers(10), ANA);

    List<Integer> would = store.maintenance().removable(LIMITS);
    assertThat(store.maintenance().collect(LIMITS, ANA))
        .isEqualTo(would)
        .containsExactly(1, 3, 4, 5, 6, 7);
    assertThat(store.history(LIMITS).releases(100))
        .extracting(Release::number)
        .containsExactly(10, 9, 8, 2);
    assertThat(store.history(LIMITS).verify().problems()).isEmpty();
    assertThat(store.history(LIMITS).entries(1).get(0).removed()).hasSize(6);
  }

  @Test
  void verify_changedHistory_isFound() throws Exception {
    for (int n = 1; n <= 3; n++) {
      store.publish(LIMITS, numbers(n), ANA);
    }
    assertThat(store.history(LIMITS).verify().isIntact()).isTrue();
    var admin = world.plain();
    String path = world.path(LIMITS) + "/releases/0000000002";
    byte[] data = admin.getData(path, false, null);
    byte[] forged = new String(data, java.nio.charset.StandardCharsets.ISO_8859_1)
        .replace("\"author\":\"ana\"", "\"author\":\"eve\"")
        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    admin.setData(path, forged, -1);

    assertThat(store.history(LIMITS).verify().problems())
        .anyMatch(problem -> problem.contains("release 3 does not follow"));
  }

  @Test
  void outcome_ofAPublish_isFoundByItsId() throws Exception {
    Release release = store.publish(LIMITS, numbers(1), ANA);
    store.publish(LIMITS, numbers(2), ANA);

    assertThat(store.history(LIMITS).outcome(release.publishId()).orElseThrow().release())
        .hasValue(1);
    assertThat(store.history(LIMITS).outcome("nothing")).isEmpty();
  }

  @Test
  @Tag("full")
  void outcome_ofAPublishLongAgo_isFoundByItsId() throws Exception {
    Release first = store.publish(LIMITS, numbers(1), ANA);
    Release second = store.publish(LIMITS, numbers(2), ANA);
    for (int i = 3; i <= 1_003; i++) {
      store.publish(LIMITS, numbers(i), ANA);
    }
    History history = store.history(LIMITS);
    assertThat(history.outcome(first.publishId()).orElseThrow().release()).hasValue(1);
    assertThat(history.outcome(second.publishId()).orElseThrow().release()).hasValue(2);
    assertThat(history.outcome("nothing")).isEmpty();
  }

  static String noise(int seed, int length) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }
}
