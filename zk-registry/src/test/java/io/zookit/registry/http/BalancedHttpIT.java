package io.zookit.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real HTTP servers, found by name. */
class BalancedHttpIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final List<HttpServer> servers = new ArrayList<>();
  private ZkClient client;
  private ServiceRegistry registry;

  @BeforeEach
  void connect() {
    client = ZkClient.builder(zooKeeper.server().connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(zooKeeper.freshRoot())
        .connect();
    registry = ServiceRegistry.builder(client).grace(Duration.ZERO).build();
  }

  @AfterEach
  void close() {
    client.close();
    servers.forEach(server -> server.stop(0));
  }

  @Test
  void send_manyRequests_areServedByAllServers() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      serve(name, 200);
    }
    BalancedHttp http = http(3);
    Set<String> answered = new HashSet<>();
    for (int i = 0; i < 2_000 && answered.size() < 3; i++) {
      answered.add(get(http));
    }
    assertThat(answered).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  @Tag("full")
  void send_serverThatIsGone_goesToAnotherAndIsEjected() throws Exception {
    serve("a", 200);
    serve("b", 200);
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    register("gone", port);
    BalancedHttp http = http(3);
    for (int i = 0; i < 200; i++) {
      assertThat(get(http)).isIn("a", "b");
    }
    for (int i = 0; i < 200; i++) {
      String answer = http.send(
              base -> HttpRequest.newBuilder(base)
                  .POST(BodyPublishers.ofString("x"))
                  .build(),
              BodyHandlers.ofString())
          .body();
      assertThat(answer).isIn("a", "b");
    }
  }

  @Test
  void send_nobodyListens_fails() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    register("gone", port);
    BalancedHttp http = http(1);
    assertThatThrownBy(() -> get(http)).isInstanceOf(IOException.class);
  }

  @Test
  void send_everyInstanceFails_retriesStayWithinTheBudget() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      serveNothing(name);
    }
    ManualTimekeeper time = new ManualTimekeeper();
    Map<String, Long> counted = new ConcurrentHashMap<>();
    BalancedHttp http = http(3)
        .withRetryBudget(RetryBudget.of(0.2, 1).withMeters(counting(counted)).withTimekeeper(time));
    assertThat(attempts(http, 100)).isEqualTo(100 + 20 + 10);
    assertThat(counted).containsEntry("zookit.registry.http.retries", 30L);
    assertThat(counted.get("zookit.registry.http.retries.refused")).isGreaterThan(80);
    time.advance(Duration.ofSeconds(10));
    assertThat(attempts(http, 10)).isEqualTo(10 + 2 + 10);
  }

  /** Sends requests that all fail, and returns how many times an instance was called. */
  private static int attempts(BalancedHttp http, int requests) {
    AtomicInteger attempts = new AtomicInteger();
    for (int i = 0; i < requests; i++) {
      assertThatThrownBy(() -> http.send(
              base -> {
                attempts.incrementAndGet();
                return HttpRequest.newBuilder(base).build();
              },
              BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
    return attempts.get();
  }

  private static Meters counting(Map<String, Long> counted) {
    return new Meters() {
      @Override
      public void count(String name, long amount) {
        counted.merge(name, amount, Long::sum);
      }

      @Override
      public void time(String name, long nanos) {}

      @Override
      public Subscription gauge(String name, DoubleSupplier value) {
        return () -> {};
      }
    };
  }

  private BalancedHttp http(int instances) throws InterruptedException {
    ServiceView view = registry.discover("shop").awaitReady(PATIENCE);
    Awaitility.await().atMost(PATIENCE).until(() -> view.current().size() == instances);
    HttpClient jdk = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    return BalancedHttp.of(jdk, view);
  }

  private static String get(BalancedHttp http) throws IOException, InterruptedException {
    return http.send(base -> HttpRequest.newBuilder(base).build(), BodyHandlers.ofString())
        .body();
  }

  private void serve(String name, int status) throws Exception {
    serve(name, exchange -> {
      byte[] body = name.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
  }

  /** A server that ends each connection without an answer. */
  private void serveNothing(String name) throws Exception {
    serve(name, HttpExchange::close);
  }

  private void serve(String name, HttpHandler handler) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", handler);
    server.start();
    servers.add(server);
    register(name, server.getAddress().getPort());
  }

  private void register(String name, int port) throws InterruptedException {
    Registration mine =
        registry.register(ServiceInstance.at("shop", "127.0.0.1", port).withId(name));
    mine.awaitRegistered(PATIENCE);
  }
}
