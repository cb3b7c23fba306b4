package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.zookit.registry.http.HttpProbe;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Probes of instances that vanish without a goodbye. */
@Tag("full")
class InstanceProbeIT extends RegistryCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final List<HttpServer> servers = new ArrayList<>();
  private final Recorded told = new Recorded();

  InstanceProbeIT() {
    super(zooKeeper);
  }

  @AfterEach
  void stopServers() {
    servers.forEach(each -> each.stop(0));
  }

  @Test
  @Tag("full")
  void quarantine_asked_keepsThoseThatAnswerWithTheirIds() throws Exception {
    Party provider = join();
    register(provider, "alive1", serve("alive1"));
    register(provider, "alive2", serve("alive2"));
    register(provider, "inherited", serve("another"));
    register(provider, "nameless", serve(""));
    HttpServer stopped = serve("stopped");
    register(provider, "stopped", stopped);
    try (ServerSocket frozen = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      register(provider, "frozen", frozen.getLocalPort());
      ServiceView view = discover();
      AtomicBoolean emptied = new AtomicBoolean();
      view.subscribe(instances -> emptied.compareAndSet(false, instances.isEmpty()));
      assertThat(view.current()).hasSize(6);
      stopped.stop(0);
      cutOffAndExpire(provider);
      await().atMost(PATIENCE).until(() -> told.count("buried") == 4);
      assertThat(told.lines())
          .contains(
              "buried inherited another is there",
              "buried nameless nobody answers",
              "buried stopped nobody answers",
              "buried frozen nobody answers");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(ids(view.vanished())).containsExactlyInAnyOrder("alive1", "alive2"));
      await().atMost(PATIENCE).until(() -> ids(view.current()).equals(List.of("alive1", "alive2")));
      assertThat(ids(view.inRotation())).containsExactly("alive1", "alive2");
      assertThat(view.explain("alive1").standing()).startsWith("in quarantine, in rotation");
      assertThat(view.explain("stopped").standing()).isEqualTo("unknown");
      assertThat(view.explain("stopped").events())
          .extracting(InstanceReport.Event::what)
          .contains("asked in quarantine: nobody answers");
      provider.proxy.heal();
      await()
          .atMost(PATIENCE)
          .until(() -> view.vanished().isEmpty() && view.current().size() == 6);
      assertThat(emptied).isFalse();
    }
  }

  @Test
  void quarantine_withoutAProbe_isAskedNothing() throws Exception {
    Party provider = join();
    register(provider, "stopped", 9);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    cutOffAndExpire(provider);
    await().atMost(PATIENCE).until(() -> ids(view.vanished()).equals(List.of("stopped")));
    assertThat(ids(view.inRotation())).containsExactly("stopped");
  }

  private ServiceView discover() throws Exception {
    HttpClient jdk = HttpClient.newBuilder().connectTimeout(LONG).build();
    return ServiceRegistry.builder(join().client)
        .observer(told)
        .probe(HttpProbe.of(jdk, "/health"))
        .build()
        .discover(SERVICE)
        .awaitReady(LONG);
  }

  private void cutOffAndExpire(Party provider) {
    long session = provider.zooKeeper().getSessionId();
    provider.proxy.refuse();
    provider.blip();
    server.expire(session);
  }

  private static void register(Party provider, String id, HttpServer at) throws Exception {
    register(provider, id, at.getAddress().getPort());
  }

  private static void register(Party provider, String id, int port) throws Exception {
    provider
        .registry
        .register(ServiceInstance.at(SERVICE, "127.0.0.1", port).withId(id))
        .awaitRegistered(LONG);
  }

  private HttpServer serve(String says) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/health", exchange -> {
      if (!says.isEmpty()) {
        exchange.getResponseHeaders().set(HttpProbe.HEADER, says);
      }
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    http.start();
    servers.add(http);
    return http;
  }
}
