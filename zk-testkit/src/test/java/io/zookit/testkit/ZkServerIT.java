package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.internal.host.ReservedPort;
import io.zookit.testkit.internal.host.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZkServerIT {

  @Test
  void start_defaults_servesClientsOnLoopback() throws Exception {
    try (ZkServer server = ZkServer.start();
        Raw client = Raw.connect(server.connectString())) {
      client.create("/a", CreateMode.PERSISTENT);
      assertThat(client.exists("/a")).isTrue();
      assertThat(server.connectString()).isEqualTo("127.0.0.1:" + server.port());
      assertThat(server.requests()).isPositive();
    }
  }

  @Test
  void start_twice_givesTwoServersInOneJvm() throws Exception {
    try (ZkServer one = ZkServer.start();
        ZkServer two = ZkServer.start();
        Raw client = Raw.connect(one.connectString())) {
      client.create("/only-here", CreateMode.PERSISTENT);
      assertThat(one.nodes()).containsExactly(new ZkNode("/only-here", false));
      assertThat(two.nodes()).isEmpty();
    }
  }

  @Test
  @Tag("full")
  void start_handlerOfUncaughtExceptions_isKept() throws Exception {
    try (ChildJvm child = ChildJvm.of(HandlerChild.class)
        .jvmOptions("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"))
        .start()) {
      assertThat(child.awaitExit(Duration.ofSeconds(60))).hasValue(0);
      assertThat(child.lines()).containsExactly("true kept", "true kept");
    }
  }

  @Test
  void start_portTaken_says() throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      Map<String, String> zooCfg = Map.of("clientPort", String.valueOf(other.getLocalPort()));
      assertThatThrownBy(() -> ZkServer.start(zooCfg))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("port " + other.getLocalPort() + " is taken");
    }
  }

  @Test
  void start_dataLogDir_keepsTheLogsThereAndSurvivesARestart(@TempDir Path logs) throws Exception {
    try (ZkServer server = ZkServer.start(Map.of("dataLogDir", logs.toString()))) {
      try (Raw client = Raw.connect(server.connectString())) {
        client.create("/kept", CreateMode.PERSISTENT);
      }
      server.restart();
      assertThat(server.nodes()).containsExactly(new ZkNode("/kept", false));
      assertThat(server.dataDir().resolve("version-2")).isDirectoryNotContaining("glob:**/log.*");
    }
    assertThat(logs.resolve("version-2")).isDirectoryContaining("glob:**/log.*");
  }

  @Test
  void start_secureClientPort_isRefused() {
    assertThatThrownBy(() -> ZkServer.start(Map.of("secureClientPort", "2281")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("secureClientPort: \"2281\" (expected: no such line");
  }

  @Test
  void start_clientPortAddress_listensThereAndSurvivesARestart() throws Exception {
    try (ZkServer server = ZkServer.start(Map.of("clientPortAddress", "127.0.0.2"))) {
      assertThat(server.connectString()).isEqualTo("127.0.0.2:" + server.port());
      server.restart();
      try (Raw client = Raw.connect(server.connectString())) {
        client.create("/there", CreateMode.PERSISTENT);
      }
      assertThatThrownBy(() -> new Socket(ReservedPort.loopback(), server.port()))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void start_allAddresses_isReachedByEach() throws Exception {
    try (ZkServer server = ZkServer.start(Map.of("clientPortAddress", "0.0.0.0"))) {
      assertThat(server.connectString()).isEqualTo("127.0.0.1:" + server.port());
      for (String host : new String[] {"127.0.0.1", "127.0.0.3"}) {
        new Socket(host, server.port()).close();
      }
    }
  }

  @Test
  void start_addressOfNobody_isRefused() {
    assertThatThrownBy(() -> ZkServer.start(Map.of("clientPortAddress", "no-such-host.invalid")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clientPortAddress: \"no-such-host.invalid\" (expected: an address of this"
            + " machine)");
    assertThatThrownBy(() -> ZkServer.start(Map.of("clientPortAddress", "192.0.2.1")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("192.0.2.1: port 0 cannot be bound");
  }

  @Test
  void start_badNumber_isRefused() {
    assertThatThrownBy(() -> ZkServer.start(Map.of("tickTime", "soon")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tickTime: \"soon\" (expected: a number)");
  }

  @Test
  void stop_thenRestart_keepsPortDataAndSession() throws Exception {
    try (ZkServer server = ZkServer.start();
        Raw client = Raw.connect(server.connectString())) {
      client.create("/kept", CreateMode.PERSISTENT);
      client.create("/mine", CreateMode.EPHEMERAL);
      int port = server.port();
      server.stop();
      await().until(() -> client.heard(KeeperState.Disconnected));
      assertThatThrownBy(() -> new Socket(ReservedPort.loopback(), port))
          .isInstanceOf(ConnectException.class);
      assertThatThrownBy(server::nodes).isInstanceOf(IllegalStateException.class);
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      assertThat(server.nodes())
          .containsExactly(new ZkNode("/kept", false), new ZkNode("/mine", true));
      await().ignoreExceptions().atMost(Duration.ofSeconds(30)).until(() -> client.exists("/mine"));
    }
  }

  @Test
  void close_temporaryData_isDeletedAndPortFree() throws Exception {
    ZkServer server = ZkServer.start();
    assertThat(server.dataDir()).exists();
    server.close();
    server.close();
    assertThat(server.dataDir()).doesNotExist();
    await().until(() -> isFree(server.port())); // others may be given a free port for a while
    assertThatThrownBy(server::restart).isInstanceOf(IllegalStateException.class);
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.getLocalPort() == port;
    } catch (BindException taken) {
      return false;
    }
  }

  @Test
  void close_dataGiven_isKept() throws Exception {
    Path folder = Files.createTempDirectory("given-");
    Map<String, String> zooCfg = Map.of("dataDir", folder.toString());
    try {
      try (ZkServer server = ZkServer.start(zooCfg);
          Raw client = Raw.connect(server.connectString())) {
        client.create("/kept", CreateMode.PERSISTENT);
      }
      try (ZkServer server = ZkServer.start(zooCfg)) {
        assertThat(server.nodes("/")).containsExactly(new ZkNode("/kept", false));
      }
    } finally {
      TempFolder.delete(folder);
    }
  }

  @Test
  void start_systemPropertyLine_isSetUntilClose() {
    try (ZkServer server = ZkServer.start(Map.of("enforceQuota", "true"))) {
      assertThat(server.isRunning()).isTrue();
      assertThat(System.getProperty("zookeeper.enforceQuota")).isEqualTo("true");
    }
    assertThat(System.getProperty("zookeeper.enforceQuota")).isNull();
  }

  @Test
  void start_sessionLimits_areTheGivenOnes() throws Exception {
    Map<String, String> zooCfg =
        Map.of("tickTime", "200", "minSessionTimeout", "700", "maxSessionTimeout", "900");
    try (ZkServer server = ZkServer.start(zooCfg);
        Raw shortest = Raw.connect(server.connectString(), Duration.ofMillis(100));
        Raw longest = Raw.connect(server.connectString(), Duration.ofSeconds(60))) {
      assertThat(shortest.zk.getSessionTimeout()).isEqualTo(700);
      assertThat(longest.zk.getSessionTimeout()).isEqualTo(900);
    }
  }

  @Test
  void start_containerCheckInterval_removesEmptyContainers() throws Exception {
    try (ZkServer server = ZkServer.start(Map.of("znode.container.checkIntervalMs", "50"));
        Raw client = Raw.connect(server.connectString())) {
      client.create("/box", CreateMode.CONTAINER);
      client.create("/box/a", CreateMode.PERSISTENT);
      client.zk.delete("/box/a", -1);
      await().until(() -> server.nodes().isEmpty());
    }
  }

  @Test
  @Tag("full")
  void expire_session_removesItsNodesAtOnceAndTellsTheClient() throws Exception {
    try (ZkServer server = ZkServer.start();
        Raw client = Raw.connect(server.connectString())) {
      client.create("/kept", CreateMode.PERSISTENT);
      client.create("/kept/mine", CreateMode.EPHEMERAL);
      server.expire(client.zk.getSessionId());
      assertThat(server.nodes()).containsExactly(new ZkNode("/kept", false));
      await().atMost(Duration.ofSeconds(30)).until(() -> client.heard(KeeperState.Expired));
    }
  }

  @Test
  void watchCount_watchSetAndFired_follows() throws Exception {
    try (ZkServer server = ZkServer.start();
        Raw client = Raw.connect(server.connectString())) {
      client.zk.exists("/a", true);
      client.zk.exists("/b", true);
      assertThat(server.watchCount()).isEqualTo(2);
      client.create("/a", CreateMode.PERSISTENT);
      assertThat(server.watchCount()).isEqualTo(1);
    }
  }

  @Test
  void sessionCount_clientCloses_falls() throws Exception {
    try (ZkServer server = ZkServer.start()) {
      try (Raw client = Raw.connect(server.connectString())) {
        assertThat(client.zk.getState().isConnected()).isTrue();
        assertThat(server.sessionCount()).isEqualTo(1);
      }
      assertThat(server.sessionCount()).isZero();
    }
  }

  @Test
  void setSequence_nearTheEnd_isWhereTheNextChildStarts() throws Exception {
    try (ZkServer server = ZkServer.start();
        Raw client = Raw.connect(server.connectString())) {
      client.create("/queue", CreateMode.PERSISTENT);
      server.setSequence("/queue", Integer.MAX_VALUE - 1);
      assertThat(client.create("/queue/n-", CreateMode.PERSISTENT_SEQUENTIAL))
          .isEqualTo("/queue/n-2147483646");
      assertThat(client.create("/queue/n-", CreateMode.PERSISTENT_SEQUENTIAL))
          .isEqualTo("/queue/n-2147483647");
    }
  }

  @Test
  void setSequence_backwardOrNoNode_isRefused() throws Exception {
    try (ZkServer server = ZkServer.start();
        Raw client = Raw.connect(server.connectString())) {
      client.create("/queue", CreateMode.PERSISTENT);
      server.setSequence("/queue", 5);
      assertThatThrownBy(() -> server.setSequence("/queue", 5))
          .hasMessage("next: 5 (expected: greater than 5)");
      assertThatThrownBy(() -> server.setSequence("/none", 5))
          .hasMessage("path: \"/none\" (expected: a node)");
    }
  }
}
