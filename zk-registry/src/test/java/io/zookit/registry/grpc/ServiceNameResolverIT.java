package io.zookit.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.NameResolver.ResolutionResult;
import io.grpc.NameResolver.ServiceConfigParser;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import io.zookit.core.ZkClient;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Addresses and errors that a channel receives. */
class ServiceNameResolverIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ZkServer server = zooKeeper.server();
  private final ZkClient client = ZkClient.builder(server.connectString())
      .connectTimeout(Duration.ofMinutes(1))
      .root(zooKeeper.freshRoot())
      .connect();
  private final ServiceRegistry registry =
      ServiceRegistry.builder(client).grace(Duration.ofMillis(100)).build();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final SynchronizationContext context =
      new SynchronizationContext((thread, thrown) -> failure.set(thrown));
  private final List<StatusOr<List<EquivalentAddressGroup>>> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    client.close();
    assertThat(failure).hasValue(null);
  }

  @Test
  void address_ofAnInstance_carriesWhatItSaysAndOperatorsSay() throws Exception {
    ServiceInstance mine = ServiceInstance.at("shop", "127.0.0.1", 8080)
        .withId("a")
        .withZone("east")
        .withVersion("1.2")
        .withMetadata("team", "blue")
        .withWeight(70);
    registry.register(mine).awaitRegistered(PATIENCE);
    NameResolver resolver = start();
    await().atMost(PATIENCE).until(() -> ports().equals(List.of(8080)));
    Attributes said = last().getAttributes();
    assertThat(said.get(InstanceAttributes.INSTANCE)).isEqualTo(mine);
    assertThat(said.get(InstanceAttributes.WEIGHT)).isEqualTo(70);
    assertThat(said.get(InstanceAttributes.ZONE)).isEqualTo("east");
    assertThat(said.get(InstanceAttributes.VERSION)).isEqualTo("1.2");
    assertThat(said.get(InstanceAttributes.METADATA)).isEqualTo(Map.of("team", "blue"));
    registry
        .policy("shop")
        .change(policy -> policy.with("a", InstanceRule.by("ana").withWeight(5)));
    await()
        .atMost(PATIENCE)
        .until(() -> last().getAttributes().get(InstanceAttributes.WEIGHT) == 5);
    context.execute(resolver::shutdown);
  }

  @Test
  @Tag("full")
  void results_whateverHappensToZooKeeper_areEmptyOnlyAfterTheOrderlyEndOfAll() throws Exception {
    Registration one = registry.register(instance(1)).awaitRegistered(PATIENCE);
    Registration two = registry.register(instance(2)).awaitRegistered(PATIENCE);
    start();
    await().atMost(PATIENCE).until(() -> ports().equals(List.of(1, 2)));
    server.stop();
    await().atMost(PATIENCE).until(() -> client.session().remaining().isZero());
    server.restart();
    registry.register(instance(3)).awaitRegistered(PATIENCE).close();
    two.close();
    await().atMost(PATIENCE).until(() -> ports().equals(List.of(1)));
    assertThat(told).noneMatch(each -> each.getValue().isEmpty());
    one.close();
    await().atMost(PATIENCE).until(() -> ports().isEmpty());
    assertThat(told).filteredOn(each -> each.getValue().isEmpty()).hasSize(1);
  }

  @Test
  void refresh_asOftenAsOneLikes_tellsTheSameAgain() throws Exception {
    registry.register(ServiceInstance.at("shop", "localhost", 7)).awaitRegistered(PATIENCE);
    NameResolver resolver = start();
    resolver.refresh();
    await().atMost(PATIENCE).until(() -> !told.isEmpty());
    int before = told.size();
    context.execute(() -> {
      resolver.refresh();
      resolver.refresh();
    });
    await().atMost(PATIENCE).until(() -> told.size() == before + 2);
    assertThat(told).allMatch(each -> each.equals(told.get(0)));
    context.execute(resolver::shutdown);
    context.execute(resolver::refresh);
    assertThat(told).hasSize(before + 2);
  }

  @Test
  void start_clientIsClosed_isAnError() {
    client.close();
    start();
    assertThat(told).singleElement().satisfies(only -> {
      assertThat(only.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(only.getStatus().getDescription()).contains("closed");
    });
  }

  private NameResolver start() {
    NameResolver.Args args = NameResolver.Args.newBuilder()
        .setDefaultPort(80)
        .setProxyDetector(address -> null)
        .setSynchronizationContext(context)
        .setOffloadExecutor(Runnable::run)
        .setServiceConfigParser(new ServiceConfigParser() {
          @Override
          public ConfigOrError parseServiceConfig(Map<String, ?> config) {
            return ConfigOrError.fromConfig(config);
          }
        })
        .build();
    NameResolver resolver =
        new ZkNameResolverProvider(registry).newNameResolver(URI.create("zk:///shop"), args);
    assertThat(resolver.getServiceAuthority()).isEqualTo("shop");
    context.execute(() -> resolver.start(new NameResolver.Listener2() {
      @Override
      public void onResult(ResolutionResult result) {
        throw new AssertionError("the one without an answer");
      }

      @Override
      public Status onResult2(ResolutionResult result) {
        told.add(result.getAddressesOrError());
        return Status.OK;
      }

      @Override
      public void onError(Status error) {
        throw new AssertionError(error.toString());
      }
    }));
    return resolver;
  }

  private List<Integer> ports() {
    return told.isEmpty()
        ? List.of(-1)
        : told.get(told.size() - 1).getValue().stream()
            .map(each -> ((InetSocketAddress) each.getAddresses().get(0)).getPort())
            .toList();
  }

  private EquivalentAddressGroup last() {
    return told.get(told.size() - 1).getValue().get(0);
  }

  private static ServiceInstance instance(int port) {
    return ServiceInstance.at("shop", "127.0.0.1", port).withId("i" + port);
  }
}
