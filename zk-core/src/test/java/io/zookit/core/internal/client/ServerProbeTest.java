package io.zookit.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.UnsupportedServerException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class ServerProbeTest {

  private static final int SHORT = 200;
  private static final int LONG = 20_000;

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3.8.5",
        "3.8.6",
        "3.8.10",
        "3.9.2",
        "3.9.4",
        "3.9.5",
        "3.10.0",
        "3.11.7",
        "4.0.0",
        "3.9.2-SNAPSHOT"
      })
  void requireSupported_newEnough_passes(String version) {
    ServerProbe probe = askOneThatSays(srvr(version));
    assertThat(probe.failure()).isEmpty();
    assertThat(probe.version()).hasValueSatisfying(said -> assertThat(said).contains(version));
    assertThatCode(() -> probe.requireSupported(Set.of())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2.9.9 | is no longer maintained",
        "3.4.14 | is no longer maintained",
        "3.7.2 | is no longer maintained",
        "3.8.0 | CVE-2024-23944",
        "3.8.3 | ZOOKEEPER-4785",
        "3.8.4 | may lose acknowledged writes (ZOOKEEPER-4785, fixed in 3.8.5 and 3.9.2)",
        "3.9.0 | CVE-2024-23944",
        "3.9.1 | ZOOKEEPER-4785",
        "3.9.3 | may lose acknowledged writes (ZOOKEEPER-4925, fixed in 3.9.4)"
      })
  void requireSupported_knownFlaw_isRefusedByNameUnlessVouchedFor(String version, String flaw) {
    ServerProbe probe = askOneThatSays(srvr(version));
    assertThatThrownBy(() -> probe.requireSupported(Set.of(ServerVersion.parse("3.8.9"))))
        .isInstanceOf(UnsupportedServerException.class)
        .hasMessageStartingWith("127.0.0.1:" + server.getLocalPort() + ": ZooKeeper " + version)
        .hasMessageContaining(flaw)
        .hasMessageEndingWith(" (expected: 3.8.5 or later, 3.9.2, 3.9.4 or later, or"
            + " acceptServerVersion(\"" + version + "\") if its vendor has ported the fix back)");
    assertThatCode(() -> probe.requireSupported(Set.of(ServerVersion.parse(version))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "Zookeeper version: 3.9.5,SERVES",
    "srvr is not executed because it is not in the whitelist.,ANSWERS",
    "This ZooKeeper instance is not currently serving requests,IDLE",
    "'',SILENT"
  })
  void ask_byTheReply_hasThatStatus(String answer, ServerProbe.ServerStatus status) {
    assertThat(askOneThatSays(answer + "\n").status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "srvr is not executed because it is not in the whitelist.\n",
        "This ZooKeeper instance is not currently serving requests\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "Zookeeper version: unknown, built on 01/01/1970\n",
        "Zookeeper version: 99999999999.99999999999.99999999999-x\n",
        "Zookeeper version: 3.5"
      })
  void requireSupported_serverThatDoesNotTell_passes(String answer) {
    ServerProbe probe = askOneThatSays(answer);
    assertThat(probe.failure()).isEmpty();
    assertThatCode(() -> probe.requireSupported(Set.of())).doesNotThrowAnyException();
  }

  @Test
  void ask_answerInPieces_isReadWhole() {
    serve(socket -> {
      for (byte each : srvr("3.5.9").getBytes(StandardCharsets.US_ASCII)) {
        socket.getOutputStream().write(each);
        socket.getOutputStream().flush();
      }
    });
    assertThatThrownBy(() -> ask(LONG).requireSupported(Set.of())).hasMessageContaining("3.5.9");
  }

  @Test
  void ask_endlessAnswer_endsByItsTime() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    serve(socket -> {
      OutputStream out = socket.getOutputStream();
      try {
        while (!over.await(20, TimeUnit.MILLISECONDS)) {
          out.write('x');
          out.flush();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    assertThat(ask(SHORT).version()).isEmpty();
    over.countDown();
  }

  @Test
  void ask_endlessLine_isNotKept() {
    serve(socket -> {
      byte[] much = new byte[64 * 1024];
      for (int i = 0; i < 1000; i++) {
        socket.getOutputStream().write(much);
      }
    });
    assertThat(ask(LONG).version()).isEmpty();
  }

  @Test
  void ask_silentServer_hasNeitherVersionNorFailure() {
    ServerProbe probe = ask(SHORT); // the connection waits in the backlog
    assertThat(probe.status()).isEqualTo(ServerProbe.ServerStatus.SILENT);
    assertThat(probe.version()).isEmpty();
    assertThat(probe.failure()).isEmpty();
  }

  @Test
  void ask_serverThatResets_hasNeitherVersionNorFailure() {
    serve(socket -> socket.setSoLinger(true, 0));
    ServerProbe probe = ask(LONG);
    assertThat(probe.version()).isEmpty();
  }

  @Test
  void ask_closedPort_failsRefused() throws IOException {
    server.close();
    assertThat(ask(LONG).failure())
        .hasValueSatisfying(reason -> assertThat(reason).containsIgnoringCase("refused"));
  }

  @Test
  void ask_unknownHost_failsAndSaysSo() {
    ServerProbe probe =
        ServerProbe.ask(InetSocketAddress.createUnresolved("no-such-host.invalid", 2181), LONG);
    assertThat(probe.failure()).contains("unknown host");
    assertThat(probe.describe()).isEqualTo("no-such-host.invalid:2181");
  }

  private static String srvr(String version) {
    return "Zookeeper version: " + version
        + "-abcdef, built on 2024-02-12 20:59 UTC\nLatency min/avg/max: 0/0.0/0\nMode: standalone\n";
  }

  private ServerProbe askOneThatSays(String answer) {
    serve(socket -> socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII)));
    return ask(LONG);
  }

  private ServerProbe ask(int millis) {
    return ServerProbe.ask(
        InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort()), millis);
  }

  private interface Service {
    void answer(Socket socket) throws IOException;
  }

  /** Reads the question of one connection, answers and closes. */
  private void serve(Service service) {
    Thread thread = new Thread(() -> {
      try (Socket socket = server.accept()) {
        assertThat(socket.getInputStream().readNBytes(4)).asString().isEqualTo("srvr");
        service.answer(socket);
      } catch (SocketException e) {
        assertThat(e).hasMessageMatching("(?i).*(broken pipe|closed|reset).*");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    thread.setDaemon(true);
    thread.start();
  }
}
