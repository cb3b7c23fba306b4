package io.zookit.benchmarks.registry;

import io.zookit.core.ZkClient;
import io.zookit.registry.Pick;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.balance.Balancer;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Choosing among the 1,000 instances of a view that is followed: without feedback by each rule, and with it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ViewChoices {

  private static final int INSTANCES = 1_000;
  private static final String SERVICE = "bench";

  /** The rule. */
  @Param({
    "roundRobin",
    "weightedRoundRobin",
    "random",
    "weightedRandom",
    "leastConnections",
    "weightedLeastConnections",
    "consistentHash",
    "weightedResponse",
    "adaptive"
  })
  public String rule = "";

  private @Nullable ZkServer server;
  private @Nullable ZkClient client;
  private @Nullable ServiceView view;
  private Balancer balancer = Balancer.random();

  /** Registers and follows. */
  @Setup
  public void follow() throws InterruptedException {
    server = ZkServer.start();
    client = ZkClient.connect(server.connectString());
    ServiceRegistry registry = ServiceRegistry.in(client);
    for (int i = 0; i < INSTANCES; i++) {
      ServiceInstance each = ServiceInstance.at(SERVICE, BenchDiscovery.host(i), 8080);
      registry.register(each.withWeight(50 + i % 100));
    }
    ServiceView followed = registry.discover(SERVICE).awaitReady(Duration.ofSeconds(20));
    while (followed.current().size() < INSTANCES) {
      Thread.onSpinWait();
    }
    view = followed;
    balancer = balancer(rule);
  }

  private static Balancer balancer(String rule) {
    return switch (rule) {
      case "roundRobin" -> Balancer.roundRobin();
      case "weightedRoundRobin" -> Balancer.weightedRoundRobin();
      case "random" -> Balancer.random();
      case "weightedRandom" -> Balancer.weightedRandom();
      case "leastConnections" -> Balancer.leastConnections();
      case "weightedLeastConnections" -> Balancer.weightedLeastConnections();
      case "consistentHash" -> Balancer.consistentHash();
      case "weightedResponse" -> Balancer.weightedResponse();
      case "adaptive" -> Balancer.adaptive();
      default -> throw new IllegalArgumentException("rule: " + rule);
    };
  }

  /** Ends all. */
  @TearDown
  public void close() {
    Objects.requireNonNull(client).close();
    Objects.requireNonNull(server).close();
  }

  /** An instance, without feedback. */
  @Benchmark
  public ServiceInstance choose() {
    return Objects.requireNonNull(view).choose(balancer);
  }

  /** An instance for a call that succeeds. */
  @Benchmark
  public ServiceInstance pick() {
    try (Pick pick = Objects.requireNonNull(view).pick(balancer)) {
      pick.succeeded();
      return pick.instance();
    }
  }
}
