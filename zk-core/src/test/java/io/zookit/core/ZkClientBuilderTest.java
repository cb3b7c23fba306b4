package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.client.ClientSettings;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.client.ZKClientConfig;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that a builder refuses before anything is sent. */
class ZkClientBuilderTest {

  private static final String TIMEOUTS = " (expected: PT0.1S to PT24H)";

  private static Arguments refused(String message, UnaryOperator<ZkClientBuilder> setting) {
    return Arguments.of(message, setting);
  }

  static Stream<Arguments> badValues() {
    return Stream.of(
        refused("sessionTimeout: PT-1S" + TIMEOUTS, b -> b.sessionTimeout(Duration.ofSeconds(-1))),
        refused("sessionTimeout: PT0S" + TIMEOUTS, b -> b.sessionTimeout(Duration.ZERO)),
        refused(
            "sessionTimeout: PT0.099S" + TIMEOUTS, b -> b.sessionTimeout(Duration.ofMillis(99))),
        refused(
            "sessionTimeout: PT24H0.001S" + TIMEOUTS,
            b -> b.sessionTimeout(Duration.ofHours(24).plusMillis(1))),
        refused(
            "connectTimeout: PT-0.001S (expected: PT0.001S to PT24H)",
            b -> b.connectTimeout(Duration.ofMillis(-1))),
        refused(
            "connectTimeout: PT0S (expected: PT0.001S to PT24H)",
            b -> b.connectTimeout(Duration.ZERO)),
        refused(
            "connectTimeout: PT2562047788015215H30M7S (expected: PT0.001S to PT24H)",
            b -> b.connectTimeout(Duration.ofSeconds(Long.MAX_VALUE))),
        refused("label: \"\" (expected: 1 to 64 printable characters)", b -> b.label("")),
        refused("label: \"  \" (expected: 1 to 64 printable characters)", b -> b.label("  ")),
        refused(
            "label: \"a\\u000ab\" (expected: 1 to 64 printable characters)", b -> b.label("a\nb")),
        refused(
            "label: \"" + "x".repeat(65) + "\" (expected: 1 to 64 printable characters)",
            b -> b.label("x".repeat(65))),
        refused(
            "version: \"3.8\" (expected: three numbers, such as 3.8.4)",
            b -> b.acceptServerVersion("3.8")),
        refused("path: \"\" (expected: /name[/name...])", b -> b.root("")),
        refused("path: \"/\" (expected: /name[/name...])", b -> b.root("/")),
        refused("path: \"zookit\" (expected: /name[/name...])", b -> b.root("zookit")),
        refused("path: \"\" (expected: [A-Za-z0-9][A-Za-z0-9._-]{0,127})", b -> b.root("/a/")),
        refused("path: \"..\" (expected: [A-Za-z0-9][A-Za-z0-9._-]{0,127})", b -> b.root("/a/..")),
        refused(
            "path: \"/zookeeper/x\" (expected: not ZooKeeper's own folder)",
            b -> b.root("/zookeeper/x")),
        refused(
            "user: \"\" (expected: one character or more, no colon)", b -> b.digest("", "secret")),
        refused(
            "user: \"a:b\" (expected: one character or more, no colon)",
            b -> b.digest("a:b", "secret")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badValues")
  void builder_badValue_isRefusedInTheHouseForm(
      String message, UnaryOperator<ZkClientBuilder> setting) {
    assertThatThrownBy(() -> setting.apply(ZkClient.builder("localhost")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void builder_badConnectString_isRefusedAtOnce() {
    for (String bad : new String[] {"", "  ", "localhost:port", "a,,b"}) {
      assertThatThrownBy(() -> ZkClient.builder(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("connectString: \"" + bad + "\" (expected: ");
    }
  }

  @Test
  void overCurator_settingsOfTheConnection_areAnIllegalState() {
    CuratorFramework curator = CuratorFrameworkFactory.newClient("localhost", new RetryOneTime(1));
    for (boolean owned : new boolean[] {true, false}) {
      ZkClientBuilder builder = owned ? ZkClient.owning(curator) : ZkClient.borrowing(curator);
      Map<String, ThrowingCallable> settings = Map.of(
          "sessionTimeout", () -> builder.sessionTimeout(Duration.ofSeconds(5)),
          "digest", () -> builder.digest("ana", "secret"),
          "zooKeeperConfig", () -> builder.zooKeeperConfig(new ZKClientConfig()),
          "followEnsemble", builder::followEnsemble);
      settings.forEach((name, setting) -> assertThatThrownBy(setting)
          .as(name)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(name + ": belongs to the given Curator client"));
    }
  }

  @Test
  void settings_ofABuilder_areWhatWasSetElseTheDefaults() {
    ClientSettings defaults = ZkClient.builder("localhost").settings();
    assertThat(defaults.root()).isEqualTo(ZkPath.absolute("/zookit"));
    assertThat(defaults.sessionTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(defaults.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(defaults.label()).isNull();
    assertThat(defaults.unauthenticatedAllowed()).isFalse();
    assertThat(defaults.ensembleFollowed()).isFalse();

    ClientSettings set = ZkClient.builder("localhost")
        .root("/a/b")
        .sessionTimeout(Duration.ofSeconds(3))
        .connectTimeout(Duration.ofSeconds(4))
        .label("shop")
        .allowUnauthenticated()
        .followEnsemble()
        .settings();
    assertThat(set.root()).isEqualTo(ZkPath.absolute("/a/b"));
    assertThat(set.sessionTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(set.connectTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(set.label()).isEqualTo("shop");
    assertThat(set.unauthenticatedAllowed()).isTrue();
    assertThat(set.ensembleFollowed()).isTrue();
  }

  @Test
  void settings_builderUsedAgain_leavesThoseOfTheFirstClient() {
    ZkClientBuilder builder = ZkClient.builder("localhost").label("first");
    ClientSettings first = builder.settings();
    builder.label("second").acceptServerVersion("3.8.4");
    assertThat(first.label()).isEqualTo("first");
    assertThat(first.acceptedVersions()).isEmpty();
  }

  @Test
  void settings_withCredentials_showNoSecret() {
    ClientSettings settings =
        ZkClient.builder("localhost").digest("ana", "canary-7f3").settings();
    assertThat(settings.toString()).doesNotContain("canary-7f3");
    assertThat(Objects.requireNonNull(settings.credentials()).identity().toString())
        .doesNotContain("canary-7f3");
  }

  @Test
  void connect_remoteServerWithoutCredentials_isRefusedBeforeAnythingIsSent() {
    for (ThrowingCallable attempt : new ThrowingCallable[] {
      () -> ZkClient.connect("localhost,192.0.2.1:2181"),
      () -> ZkClient.builder("localhost,192.0.2.1:2181").start()
    }) {
      assertThatThrownBy(attempt)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "credentials: none, and not all of localhost:2181,192.0.2.1:2181 are on this machine"
                  + " (expected: digest(user, password), a TLS key store, a SASL login, or"
                  + " allowUnauthenticated())");
    }
  }

  @Test
  void connect_remoteServerWithConfigOfNoCredentials_isRefused() {
    ZkClientBuilder builder =
        ZkClient.builder("192.0.2.1:2181").zooKeeperConfig(new ZKClientConfig());
    for (ThrowingCallable attempt : new ThrowingCallable[] {builder::connect, builder::start}) {
      assertThatThrownBy(attempt)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("credentials: none, and not all of 192.0.2.1:2181 are");
    }
  }

  @Test
  void overCurator_remoteServerAndNodesOpenToAll_isRefusedUnlessAllowed() {
    for (boolean owned : new boolean[] {true, false}) {
      for (ZkClientBuilder open :
          List.of(overRemote(owned), overRemote(owned).access(AccessPolicy.open()))) {
        assertThatThrownBy(open::start)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("access: open to all clients over a given Curator client, and not all of"
                + " no-such-host.invalid:2181 are on this machine (expected: access(policy), such as"
                + " AccessPolicy.sharedBy(Identity.creator()) if the Curator client authenticates,"
                + " or allowUnauthenticated())");
      }
      overRemote(owned).allowUnauthenticated().start().close();
      overRemote(owned)
          .access(AccessPolicy.sharedBy(Identity.creator()))
          .start()
          .close();
    }
  }

  private static ZkClientBuilder overRemote(boolean owned) {
    CuratorFramework curator =
        CuratorFrameworkFactory.newClient("no-such-host.invalid:2181", new RetryOneTime(1));
    return owned ? ZkClient.owning(curator) : ZkClient.borrowing(curator);
  }

  @Test
  void root_curatorWithNamespace_liesBelowIt() {
    CuratorFramework curator = CuratorFrameworkFactory.builder()
        .connectString("localhost:1")
        .namespace("tenant/a")
        .retryPolicy(new RetryOneTime(1))
        .build();
    curator.start();
    try (curator;
        ZkClient client = ZkClient.borrowing(curator).root("/shop").start();
        ZkClient without =
            ZkClient.borrowing(curator.usingNamespace(null)).root("/shop").start()) {
      assertThat(client.root()).isEqualTo("/tenant/a/shop");
      assertThat(without.root()).isEqualTo("/shop");
    }
  }

  @Test
  void start_remoteServerAllowedOrWithCredentials_isAccepted() {
    ZkClient.builder("no-such-host.invalid").allowUnauthenticated().start().close();
    ZkClient.builder("no-such-host.invalid").digest("ana", "secret").start().close();
  }

  @Test
  void toString_client_isLabelAndRootWithoutPassword() {
    ZkClientBuilder builder = ZkClient.builder("localhost:1").digest("ana", "canary-7f3");
    try (ZkClient client = builder.label("shop").start()) {
      assertThat(client.toString()).isEqualTo("ZkClient[shop/zookit]");
    }
  }
}
