package io.zookit.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.zookit.core.ZkClient;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real gRPC servers, found by name. */
class ZkNameResolverIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MANY = 12;

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ZkServer server = zooKeeper.server();
  private final String root = zooKeeper.freshRoot();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final ZkClient providers = connect();
  private final ServiceRegistry providing =
      ServiceRegistry.builder(providers).grace(Duration.ofMillis(100)).build();
  private final ZkClient consumers = connect();
  private final ServiceRegistry consuming = ServiceRegistry.in(consumers);
  private ZkNameResolverProvider names =
      new ZkNameResolverProvider(consuming).with("west", consuming);

  /** A server, and what says where it is. */
  private record Served(GrpcServer server, Registration registration) {}

  @BeforeEach
  void registerNames() {
    NameResolverRegistry.getDefaultRegistry().register(names);
  }

  @AfterEach
  void close() throws Exception {
    NameResolverRegistry.getDefaultRegistry().deregister(names);
    for (AutoCloseable each : opened) {
      each.close();
    }
    consumers.close();
    providers.close();
  }

  @Test
  @Tag("full")
  void calls_instancesThatComeAndGo_areServedByThoseThatAreThere() throws Exception {
    Served a = serve("a");
    serve("b");
    ManagedChannel channel = open("zk:///shop");
    awaitAnswers(channel, "a", "b");
    serve("c");
    awaitAnswers(channel, "a", "b", "c");
    a.registration.close();
    awaitAnswers(channel, "b", "c");
    providing
        .policy("shop")
        .change(policy -> policy.with("b", InstanceRule.by("ana").withDisabled(true)));
    awaitAnswers(channel, "c");
  }

  @Test
  @Tag("full")
  void calls_whileZooKeeperIsAway_goOn() throws Exception {
    serve("a");
    serve("b");
    ManagedChannel channel = open("zk://west/shop");
    awaitAnswers(channel, "a", "b");
    server.stop();
    await().atMost(PATIENCE).until(() -> consumers.session().remaining().isZero());
    for (int i = 0; i < 50; i++) {
      assertThat(call(channel)).isIn("a", "b");
    }
    server.restart();
    serve("c");
    awaitAnswers(channel, "a", "b", "c");
  }

  @Test
  @Tag("full")
  void calls_afterTheOrderlyEndOfAll_failAndComeBackWithTheNext() throws Exception {
    Served a = serve("a");
    ManagedChannel channel = open("zk:///shop");
    awaitAnswers(channel, "a");
    a.registration.close();
    a.server.close();
    await().atMost(PATIENCE).until(() -> codeOf(channel) == Status.Code.UNAVAILABLE);
    serve("b");
    awaitAnswers(channel, "b");
  }

  @Test
  void calls_serviceNobodyRegistered_failAndSayWhy() throws Exception {
    ManagedChannel channel = open("zk:///nobody");
    assertThatThrownBy(() -> call(channel))
        .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
          assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
          assertThat(e).hasStackTraceContaining("service nobody: no instance is in rotation");
        });
  }

  @Test
  void open_nameOfNoService_isRefused() {
    for (String bad : List.of("zk:///", "zk:///a/b", "zk:///~b00", "zk:shop", "zk://east/shop")) {
      assertThatThrownBy(() -> open(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected:");
    }
  }

  @Test
  void shutdown_ofTheChannel_takesTheWatchOff() {
    try (FaultProxy proxy = FaultProxy.to(server);
        ZkClient client = ZkClient.builder(proxy.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .root(root)
            .connect()) {
      names(names.with("counted", ServiceRegistry.in(client)));
      ManagedChannel channel = open("zk://counted/nobody");
      assertThat(codeOf(channel)).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(proxy.requests(Op.ADD_WATCH)).isEqualTo(1);
      channel.shutdownNow();
      await().atMost(PATIENCE).until(() -> proxy.requests(Op.REMOVE_WATCHES) == 1);
    }
  }

  /** Other names from now on. */
  private void names(ZkNameResolverProvider others) {
    NameResolverRegistry.getDefaultRegistry().deregister(names);
    names = others;
    NameResolverRegistry.getDefaultRegistry().register(names);
  }

  private void awaitAnswers(ManagedChannel channel, String... names) {
    await()
        .atMost(PATIENCE)
        .ignoreException(StatusRuntimeException.class)
        .until(() -> answers(channel).equals(Set.of(names)));
  }

  private static Set<String> answers(ManagedChannel channel) {
    Set<String> answers = new TreeSet<>();
    for (int i = 0; i < MANY; i++) {
      answers.add(call(channel));
    }
    return answers;
  }

  private static String call(ManagedChannel channel) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(channel, GrpcServer.WHO, options, "?");
  }

  private static Status.Code codeOf(ManagedChannel channel) {
    try {
      call(channel);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private ManagedChannel open(String target) {
    ManagedChannel channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
        .defaultLoadBalancingPolicy("round_robin")
        .build();
    opened.add(channel::shutdownNow);
    return channel;
  }

  private Served serve(String name) throws Exception {
    GrpcServer grpc = new GrpcServer(name);
    opened.add(grpc);
    ServiceInstance instance =
        ServiceInstance.at("shop", "localhost", grpc.port()).withId(name);
    return new Served(grpc, providing.register(instance).awaitRegistered(PATIENCE));
  }

  private ZkClient connect() {
    return ZkClient.builder(server.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect();
  }
}
