package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.Environments.KeyMatch;
import io.zookit.config.format.Diff;
import io.zookit.config.format.KeyChange;
import io.zookit.config.gray.Audience;
import io.zookit.config.secret.KeyProvider;
import io.zookit.config.secret.SecretException;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Comparing, copying, searching and the audit over namespaces of several environments. */
@Tag("full")
class EnvironmentsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Namespace STAGING = Namespace.of("staging", "checkout", "limits");
  private static final String CANARY = "hunter2-canary";

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void compare_ofTwoEnvironments_showsWhatDiffersAndComparesSecretsUnseen() throws Exception {
    ConfigStore store = store();
    store.publish(STAGING, secrets("a=1\nb=2\n", "same", CANARY), ANA);
    store.publish(LIMITS, secrets("a=1\nb=3\nc=4\n", "same", CANARY + "2"), ANA);

    Environments.Comparison comparison = store.environments().compare(STAGING, LIMITS);

    assertThat(comparison.same()).isFalse();
    assertThat(comparison.uncompared()).isEmpty();
    assertThat(comparison.diff().keys())
        .containsExactlyInAnyOrder(
            new KeyChange.Changed("b", "2", "3"),
            new KeyChange.Added("c", "4"),
            new KeyChange.Changed("other", Diff.HIDDEN, Diff.HIDDEN));
    assertThat(comparison.toString()).doesNotContain(CANARY).doesNotContain("same-value");
    assertThat(List.of(comparison.fromRelease(), comparison.toRelease())).containsExactly(1, 1);
    assertThatThrownBy(() -> store.environments().compare(STAGING, PRICES))
        .isInstanceOf(ConfigNotFoundException.class);
  }

  @Test
  void compare_withoutTheKeys_namesTheSecretsThatItCannotCompare() throws Exception {
    store().publish(STAGING, secrets("a=1\n", "same", CANARY), ANA);
    store().publish(LIMITS, secrets("a=1\n", "same", CANARY), ANA);

    Environments.Comparison comparison = world.store().environments().compare(STAGING, LIMITS);

    assertThat(comparison.same()).isFalse();
    assertThat(comparison.uncompared()).containsExactly("other", "password");
    assertThat(comparison.diff().keys()).isEmpty();
    assertThat(store().environments().compare(STAGING, LIMITS).same()).isTrue();
  }

  @Test
  void copy_toAnotherEnvironment_reencryptsSecretsAndMakesNoReleaseOfTheSame() throws Exception {
    ConfigStore store = store();
    store.publish(STAGING, secrets("a=1\n", "same", CANARY), ANA);
    Environments environments = store.environments();

    Release copied = environments.copy(STAGING, LIMITS, Change.by("ana"));

    assertThat(copied.kind()).isEqualTo(Release.Kind.IMPORT);
    assertThat(copied.message()).isEqualTo("copied from staging/checkout/limits 1");
    Content there = store.history(LIMITS).content(1);
    assertThat(there.isSecret("other")).isTrue();
    assertThat(there.get("other"))
        .isNotEqualTo(store.history(STAGING).content(1).get("other"));
    assertThat(store.history(LIMITS).reveal(there).get("other")).contains(CANARY);
    assertThat(environments.compare(STAGING, LIMITS).same()).isTrue();

    assertThat(environments.copy(STAGING, LIMITS, Change.by("ana")).number()).isEqualTo(1);
    store.publish(STAGING, secrets("a=2\n", "same", CANARY), ANA);
    assertThat(environments.copy(STAGING, LIMITS, BOB).number()).isEqualTo(2);
    assertThat(store.history(LIMITS).content(2).get("other")).isEqualTo(there.get("other"));
    assertThat(store.history(LIMITS).entries(1).get(0).message()).isEqualTo(BOB.message());
  }

  @Test
  void copy_ofNothingOrToItselfOrWithoutKeys_changesNothing() throws Exception {
    ConfigStore store = store();
    store.create(STAGING, ANA);
    Environments environments = store.environments();

    assertThatThrownBy(() -> environments.copy(STAGING, LIMITS, ANA))
        .isInstanceOf(ConfigNotFoundException.class);
    store.publish(STAGING, secrets("a=1\n", "same", CANARY), ANA);
    assertThatThrownBy(() -> environments.copy(STAGING, STAGING, ANA))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> world.store().environments().copy(STAGING, LIMITS, ANA))
        .isInstanceOf(SecretException.class);
    assertThat(store.state(LIMITS)).isEmpty();
  }

  @Test
  void search_ofAKey_findsStableAndGrayReleasesOfEveryNamespaceInForce() throws Exception {
    ConfigStore store = store();
    store.publish(LIMITS, secrets("a=1\n", "same", CANARY), ANA);
    store.gray(LIMITS, numbers(7), Audience.parse("instance in (i1)"), ANA);
    store.publish(STAGING, Content.yaml("a: 2\nother: plain\n"), ANA);
    store.publish(PRICES, numbers(3), ANA);
    store.delete(PRICES, ANA);
    store.publish(Namespace.of("prod", "x", "text"), Content.text("a=5"), ANA);
    Environments environments = store.environments();
    String gray = "gray " + store.grays(LIMITS).get(0).name();

    assertThat(environments.search("a", "").matches())
        .containsExactly(
            new KeyMatch(LIMITS, 1, "stable", "a", "1", false),
            new KeyMatch(LIMITS, 2, gray, "a", "7", false),
            new KeyMatch(STAGING, 1, "stable", "a", "2", false));
    assertThat(environments.search("o*er", "").matches())
        .containsExactly(
            new KeyMatch(LIMITS, 1, "stable", "other", Diff.HIDDEN, true),
            new KeyMatch(STAGING, 1, "stable", "other", "plain", false));
    assertThat(environments.search("*", "stag").matches()).hasSize(2);
    assertThat(environments.search("a.*", "").matches()).isEmpty();
    assertThat(environments.search("a", "").unreadable()).isEmpty();
  }

  @Test
  void search_whereSomethingIsForbiddenOrDamaged_reportsItAndFindsTheRest() throws Exception {
    ConfigStore store = store();
    Namespace hidden = Namespace.of("prod", "vault", "keys");
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(PRICES, Content.properties("a=2\nbig=" + "x".repeat(20_000) + "\n"), ANA);
    store.publish(STAGING, numbers(3), ANA);
    store.publish(hidden, numbers(4), ANA);
    ZooKeeper admin = world.plain();
    admin.setACL(world.root + "/config/prod/apps/vault", forbidden(), -1);
    admin.setACL(world.path(LIMITS) + "/head", forbidden(), -1);
    admin.setData(world.path(PRICES) + "/releases/0000000001", new byte[] {1}, -1);

    Environments.KeySearch search = store.environments().search("a", "");

    assertThat(search.matches()).extracting(KeyMatch::namespace).containsExactly(STAGING);
    assertThat(search.unreadable())
        .extracting(ConfigStore.Unreadable::name)
        .containsExactly("prod/checkout/limits", "prod/checkout/prices", "prod/vault/*");
    assertThat(search.unreadable().get(0).reason()).contains("NoAuth");
    assertThat(store.environments().search("a", "staging/").unreadable()).isEmpty();
    assertThat(store.environments().search("a", "prod/vault/k").unreadable()).hasSize(1);
  }

  @Test
  void audit_ofAllNamespaces_isNewestFirstAndCompleteWithPolicies() throws Exception {
    ConfigStore store = store();
    for (int i = 1; i <= 12; i++) {
      store.publish(LIMITS, numbers(i), ANA);
      if (i % 4 == 0) {
        store.publish(STAGING, numbers(i), BOB);
      }
    }
    store.setPolicy(STAGING, Policy.standard().withSecrets("db.*"), ANA);
    store.publish(PRICES, numbers(1), ANA);
    store.delete(PRICES, ANA);
    Environments environments = store.environments();

    List<Environments.NamespaceEntry> all = environments.audit("", 100).entries();

    assertThat(all).hasSize(12 + 3 + 1 + 2);
    for (Namespace ns : List.of(LIMITS, STAGING, PRICES)) {
      assertThat(all)
          .filteredOn(each -> each.namespace().equals(ns))
          .extracting(Environments.NamespaceEntry::entry)
          .isEqualTo(store.history(ns).entries(100));
    }
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).entry().at())
          .isBeforeOrEqualTo(all.get(i - 1).entry().at());
    }
    assertThat(environments.audit("", 5).entries()).isEqualTo(all.subList(0, 5));
    assertThat(environments.audit("staging/", 1).entries().get(0).entry().policyAfter())
        .contains(Policy.standard().withSecrets("db.*"));
    assertThat(environments.audit("", 0).entries()).isEmpty();
  }

  @Test
  void audit_withADamagedEntry_reportsItAndHasTheOthers() throws Exception {
    ConfigStore store = store();
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(LIMITS, numbers(2), ANA);
    store.publish(STAGING, numbers(1), ANA);
    world.plain().setData(world.path(LIMITS) + "/audit/0000000002", new byte[] {1}, -1);

    Environments.AuditTrail trail = store.environments().audit("", 100);

    assertThat(trail.entries())
        .extracting(Environments.NamespaceEntry::namespace)
        .containsExactly(STAGING, LIMITS);
    assertThat(trail.unreadable())
        .extracting(ConfigStore.Unreadable::name)
        .containsExactly("prod/checkout/limits");
  }

  private static Content secrets(String plain, String first, String second) {
    return Content.properties(plain)
        .withSecret("password", first + "-value")
        .withSecret("other", second);
  }

  private static List<ACL> forbidden() {
    return new ArrayList<>(List.of(new ACL(ZooDefs.Perms.ADMIN, ZooDefs.Ids.ANYONE_ID_UNSAFE)));
  }

  private ConfigStore store() throws Exception {
    byte[] key = Arrays.copyOf("m1".getBytes(StandardCharsets.US_ASCII), 32);
    String line = "m1=" + Base64.getEncoder().encodeToString(key) + "\n";
    Path file = PrivateFile.write(folder.resolve("keys"), line);
    return ConfigStore.builder(world.client()).keys(KeyProvider.inFile(file)).build();
  }
}
