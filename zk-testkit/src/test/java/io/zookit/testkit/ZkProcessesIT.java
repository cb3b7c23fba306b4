package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.internal.host.ReservedPort;
import io.zookit.testkit.internal.server.ServerMode;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@Tag("full")
class ZkProcessesIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkProcessesExtension zk = new ZkProcessesExtension();

  @Test
  void kill_leader_anotherIsElectedAndDataKept() throws Exception {
    ZkProcesses servers = zk.servers();
    String root = zk.freshRoot();
    try (Raw client = Raw.connect(zk.connectString())) {
      client.create(root, CreateMode.PERSISTENT);
      long before = servers.elections();
      assertThat(before).isPositive();
      int leader = servers.leader().orElseThrow();
      servers.kill(leader);
      assertThat(servers.isRunning(leader)).isFalse();
      int next = servers.awaitLeader(LONG).orElseThrow();
      assertThat(next).isNotEqualTo(leader);
      assertThat(servers.elections()).isGreaterThan(before);
      await().atMost(LONG).ignoreExceptions().until(() -> client.exists(root));
      servers.wipe(leader);
      servers.restart(leader);
      assertThat(servers.awaitServing(LONG)).isTrue();
      try (Raw direct = Raw.connect(servers.connectString(leader))) {
        direct.zk.sync(root, (rc, path, context) -> {}, null);
        assertThat(direct.exists(root)).isTrue();
      }
    }
  }

  @Test
  void pause_quorumFrozen_noLeaderUntilResumed() throws Exception {
    ZkProcesses servers = zk.servers();
    int leader = servers.awaitLeader(LONG).orElseThrow();
    int first = (leader + 1) % 3;
    int second = (leader + 2) % 3;
    try (Raw client = Raw.connect(servers.connectString(leader))) {
      servers.pause(first);
      servers.pause(second);
      await().atMost(LONG).until(() -> client.heard(KeeperState.Disconnected));
      assertThat(servers.leader()).isEmpty();
      assertThatThrownBy(() -> servers.wipe(first)).isInstanceOf(IllegalStateException.class);
      servers.resume(first);
      servers.resume(second);
      assertThat(servers.awaitLeader(LONG)).isPresent();
    }
  }

  @Test
  void expiredSessions_clientGone_isCounted() throws Exception {
    long before = zk.servers().expiredSessions();
    try (FaultProxy proxy = FaultProxy.to(zk.servers().connectString(0));
        Raw client = Raw.connect(proxy.connectString(), Duration.ofSeconds(1))) {
      client.create(zk.freshRoot(), CreateMode.EPHEMERAL);
      proxy.blackHole();
      await().atMost(LONG).until(() -> zk.servers().expiredSessions() > before);
      proxy.heal();
    }
  }

  @Test
  void single_restarted_keepsDataAndPort(@TempDir Path logs) throws Exception {
    ZkProcesses server =
        ZkProcesses.servers(1).zooCfg("tickTime", "200").logs(logs).start();
    try (server;
        Raw client = Raw.connect(server.connectString())) {
      assertThat(server.leader()).isEqualTo(OptionalInt.of(0));
      assertThat(server.connectString()).isEqualTo(server.connectString(0));
      client.create("/kept", CreateMode.PERSISTENT);
      server.restart(0);
      await().atMost(LONG).ignoreExceptions().until(() -> client.exists("/kept"));
      server.stop(0);
      server.wipe(0);
      server.restart(0);
      assertThat(server.awaitServing(LONG)).isTrue();
      try (Raw later = Raw.connect(server.connectString())) {
        assertThat(later.exists("/kept")).isFalse();
      }
    }
    assertThat(server.isRunning(0)).isFalse();
    assertThat(Files.readString(server.log(0))).contains("tickTime 200");
  }

  @Test
  void parentKilled_serversEndToo(@TempDir Path folder) throws Exception {
    try (ChildJvm parent =
        ChildJvm.of(ServerParent.class).jvmOptions("-Djava.io.tmpdir=" + folder).start()) {
      String line = parent.awaitLine(each -> each.startsWith("port "), LONG);
      int port = Integer.parseInt(line.substring("port ".length()));
      assertThat(ServerMode.at(port)).contains(ServerMode.STANDALONE);
      parent.kill();
      await().atMost(LONG).until(() -> {
        try (Socket socket = new Socket(ReservedPort.loopback(), port)) {
          return !socket.isConnected();
        } catch (ConnectException e) {
          return true;
        }
      });
    }
  }

  @Test
  void badArguments_areRefused() {
    assertThatThrownBy(() -> ZkProcesses.start(0)).hasMessage("servers: 0 (expected: 1 to 9)");
    assertThatThrownBy(() -> ZkProcesses.servers(3).observers(2).start())
        .hasMessage("observers: 2 (expected: 0, or so that 2 servers vote)");
    assertThatThrownBy(() -> zk.servers().kill(3)).hasMessage("server: 3 (expected: 0 to 2)");
  }

  @Test
  void data_folderElsewhere_holdsTheDataAndStays(@TempDir Path folder) {
    Path data = folder.resolve("data");
    try (ZkProcesses servers = ZkProcesses.servers(1).data(0, data).start()) {
      assertThat(data.resolve("version-2")).isDirectory();
      servers.kill(0);
      servers.wipe(0);
      assertThat(data.resolve("version-2")).doesNotExist();
      servers.restart(0);
      servers.heal();
    }
    assertThat(data.resolve("version-2")).isDirectory();
  }

  @Test
  void data_noSuchServer_isRefused() {
    assertThatThrownBy(() -> ZkProcesses.servers(1).data(1, Path.of("data")))
        .hasMessage("server: 1 (expected: 0 to 0)");
  }
}
