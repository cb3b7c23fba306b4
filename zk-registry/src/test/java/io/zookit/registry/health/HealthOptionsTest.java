package io.zookit.registry.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthOptionsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void hysteresis_flappingAnswers_changeNothing() {
    Hysteresis verdict = new Hysteresis(true, 0);
    for (int i = 0; i < 100; i++) {
      verdict = verdict.after(i % 3 == 0, 2, 3);
      assertThat(verdict.healthy()).isTrue();
    }
  }

  @Test
  void hysteresis_enoughInARow_changeIt() {
    Hysteresis verdict = new Hysteresis(true, 0).after(false, 2, 3).after(false, 2, 3);
    assertThat(verdict.healthy()).isTrue();
    verdict = verdict.after(false, 2, 3);
    assertThat(verdict.healthy()).isFalse();
    assertThat(verdict.after(true, 2, 3).healthy()).isFalse();
    assertThat(verdict.after(true, 2, 3).after(true, 2, 3).healthy()).isTrue();
  }

  @Test
  void tcp_listeningThenClosed_passesThenFails() throws Exception {
    HealthCheck check;
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      check = HealthCheck.tcp(
          socket.getInetAddress().getHostAddress(), socket.getLocalPort(), PATIENCE);
      assertThat(check.passes()).isTrue();
    }
    assertThatThrownBy(check::passes).isInstanceOf(IOException.class);
  }

  @Test
  void http_statusOtherThanSuccess_fails() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      int status = exchange.getRequestURI().getPath().equals("/good") ? 204 : 503;
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    });
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(HealthCheck.http(URI.create(address + "/good"), PATIENCE).passes())
          .isTrue();
      HealthCheck bad = HealthCheck.http(URI.create(address + "/bad"), PATIENCE);
      assertThatThrownBy(bad::passes).hasMessageContaining("503");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void vitals_badNumbers_areRefused() {
    assertThatThrownBy(() -> HealthOptions.NONE.withHysteresis(0, 1))
        .hasMessage("rise: 0 (expected: 1 or more)");
    assertThatThrownBy(() -> HealthOptions.NONE.withInterval(Duration.ZERO))
        .hasMessage("interval: PT0S (expected: more than zero)");
  }
}
