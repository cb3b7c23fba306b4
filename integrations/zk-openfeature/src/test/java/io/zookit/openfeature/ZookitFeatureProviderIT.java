package io.zookit.openfeature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EventDetails;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderState;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.GeneralError;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ZookitFeatureProviderIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Namespace FLAGS = Namespace.of("test", "shop", "flags");
  private static final Change ANA = Change.by("ana");

  private final String domain = UUID.randomUUID().toString();
  private final OpenFeatureAPI api = OpenFeatureAPI.getInstance();
  private final List<EventDetails> changed = new CopyOnWriteArrayList<>();

  @AfterEach
  void removeProvider() {
    api.setProvider(domain, new dev.openfeature.sdk.NoOpProvider());
  }

  private ZkClient connect(ZkServer server) {
    return ZkClient.builder(server.connectString()).root(zooKeeper.freshRoot()).connect();
  }

  private static void publish(ZkClient client, String yaml) throws InterruptedException {
    ConfigStore.in(client).publish(FLAGS, Content.yaml(yaml), ANA);
  }

  @Test
  void evaluate_nextRelease_isInForceWithOneEvent() throws Exception {
    try (ZkClient client = connect(zooKeeper.server())) {
      publish(
          client, "checkout: false\nsize: {default: 1, rules: [{audience: everyone, value: 2}]}");
      api.setProviderAndWait(domain, ZookitFeatureProvider.of(FLAGS, client));
      Client flags = api.getClient(domain);
      flags.onProviderConfigurationChanged(changed::add);

      assertThat(flags.getProviderState()).isEqualTo(ProviderState.READY);
      assertThat(flags.getBooleanValue("checkout", true)).isFalse();
      FlagEvaluationDetails<Integer> size = flags.getIntegerDetails("size", 0);
      assertThat(size.getValue()).isEqualTo(2);
      assertThat(size.getVariant()).isEqualTo("rules[0]");
      assertThat(size.getFlagMetadata().getInteger("release")).isEqualTo(1);

      publish(
          client, "checkout: true\nsize: {default: 1, rules: [{audience: everyone, value: 3}]}");

      await().until(() -> flags.getBooleanValue("checkout", false));
      await().until(() -> !changed.isEmpty());
      assertThat(changed).hasSize(1);
      assertThat(changed.get(0).getFlagsChanged()).containsExactly("checkout", "size");
      assertThat(flags.getIntegerValue("size", 0)).isEqualTo(3);
    }
  }

  @Test
  void evaluate_problem_givesTheDefaultWithItsCode() throws Exception {
    try (ZkClient client = connect(zooKeeper.server())) {
      publish(
          client,
          "title: long\nten: {default: 0, rules: [{audience: percent(10), value: 1}]}\n"
              + "broken: {default: 0, rules: [{audience: nonsense, value: 1}]}");
      api.setProviderAndWait(domain, ZookitFeatureProvider.of(FLAGS, client));
      Client flags = api.getClient(domain);

      FlagEvaluationDetails<Integer> title = flags.getIntegerDetails("title", 7);
      assertThat(title.getErrorCode()).isEqualTo(ErrorCode.TYPE_MISMATCH);
      assertThat(title.getValue()).isEqualTo(7);
      assertThat(flags.getIntegerDetails("unknown", 7).getErrorCode())
          .isEqualTo(ErrorCode.FLAG_NOT_FOUND);
      assertThat(flags.getIntegerDetails("broken", 7).getErrorCode())
          .isEqualTo(ErrorCode.PARSE_ERROR);
      assertThat(flags.getIntegerDetails("ten", 7).getErrorCode())
          .isEqualTo(ErrorCode.TARGETING_KEY_MISSING);
      assertThat(flags
              .getIntegerDetails(
                  "ten", 7, new ImmutableContext("ana", Map.of("ip", new Value("nowhere"))))
              .getErrorCode())
          .isEqualTo(ErrorCode.INVALID_CONTEXT);
      assertThat(flags.getIntegerDetails("ten", 7, new ImmutableContext("ana")).getErrorCode())
          .isNull();
    }
  }

  @Test
  @Tag("full")
  void start_withoutRelease_isAnErrorUntilOneComes() throws Exception {
    try (ZkClient client = connect(zooKeeper.server())) {
      ZookitFeatureProvider provider = ZookitFeatureProvider.builder(FLAGS, client)
          .readyTimeout(Duration.ofMillis(200))
          .build();
      assertThat(catchStart(provider))
          .isInstanceOf(GeneralError.class)
          .hasMessageContaining("no release that can be read");
      Client flags = api.getClient(domain);
      assertThat(flags.getProviderState()).isEqualTo(ProviderState.ERROR);
      assertThat(flags.getBooleanValue("checkout", true)).isTrue();

      publish(client, "checkout: false");

      await().until(() -> flags.getProviderState() == ProviderState.READY);
      assertThat(flags.getBooleanValue("checkout", true)).isFalse();
    }
  }

  private Throwable catchStart(ZookitFeatureProvider provider) {
    return org.assertj.core.api.Assertions.catchThrowable(
        () -> api.setProviderAndWait(domain, provider));
  }

  @Test
  @Tag("full")
  void age_outage_isStaleWithTheLastFlagsAndReadyAgain() throws Exception {
    try (ZkServer server = ZkServer.start();
        ZkClient client = connect(server)) {
      publish(client, "checkout: true");
      api.setProviderAndWait(
          domain,
          ZookitFeatureProvider.builder(FLAGS, client)
              .staleAfter(Duration.ofMillis(300))
              .build());
      Client flags = api.getClient(domain);

      server.stop();

      await().until(() -> flags.getProviderState() == ProviderState.STALE);
      assertThat(flags.getBooleanValue("checkout", false)).isTrue();

      server.restart();

      await().until(() -> flags.getProviderState() == ProviderState.READY);
    }
  }
}
