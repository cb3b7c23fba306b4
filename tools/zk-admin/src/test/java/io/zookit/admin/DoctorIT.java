package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkProcesses;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Findings of the doctor. */
@Tag("full")
class DoctorIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void sit() {
    desk = new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString());
  }

  @Test
  @Tag("full")
  void doctor_healthyServer_findsNothing() {
    Outcome found = desk.type("doctor --root " + zooKeeper.freshRoot());
    assertThat(found.code()).as(found.out()).isZero();
    assertThat(found.out())
        .contains("settings", "connection", "session", "root", "rights", "clock")
        .doesNotContain(" bad ");
    assertThat(desk.type("doctor --root /t -o name").out()).startsWith("settings\nconnection\n");
  }

  @Test
  @Tag("full")
  void doctor_noServer_saysSoAndEndsSo() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Outcome found = desk.type("doctor --timeout 500ms --connect 127.0.0.1:" + port);
    assertThat(found.code()).isEqualTo(7);
    assertThat(found.out())
        .containsPattern("connection +bad ")
        .containsPattern("server 127.0.0.1:" + port + " +bad +cannot be reached");
  }

  @Test
  @Tag("full")
  void doctor_oneServerOfTwoIsDown_namesIt() throws Exception {
    String down;
    try (ServerSocket free = new ServerSocket(0)) {
      down = "127.0.0.1:" + free.getLocalPort();
    }
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String mute = "127.0.0.1:" + silent.getLocalPort();
      Outcome found = desk.type("doctor --timeout 30s --root " + zooKeeper.freshRoot()
          + " --connect " + zooKeeper.connectString() + "," + down + "," + mute);
      assertThat(found.code()).as(found.out()).isEqualTo(7);
      assertThat(found.out())
          .containsPattern("connection +ok ")
          .containsPattern("server " + zooKeeper.connectString() + " +ok +3\\.9\\.5, standalone")
          .containsPattern("server " + down + " +bad +cannot be reached")
          .containsPattern("server " + mute + " +bad +takes connections and answers nothing")
          .containsPattern("ensemble +bad +a standalone server");
    }
  }

  @Test
  @Tag("full")
  void doctor_leaderIsKilled_namesIt() throws Exception {
    try (ZkProcesses servers = ZkProcesses.servers(3).start()) {
      String command = "doctor --timeout 60s --connect " + servers.connectString();
      Outcome healthy = desk.type(command);
      assertThat(healthy.code()).as(healthy.out()).isZero();
      assertThat(healthy.out()).containsPattern("server \\S+ +ok +3\\.9\\.5, leader");
      int leader = servers.awaitLeader(Desk.LONG).orElseThrow();
      servers.kill(leader);
      Outcome hurt = desk.type(command);
      assertThat(hurt.code()).as(hurt.out()).isEqualTo(7);
      assertThat(hurt.out())
          .containsPattern("server " + servers.connectString(leader) + " +bad +cannot be reached");
    }
  }

  @Test
  void doctor_serverThatMayLoseWrites_isNamedWithTheVariableThatAcceptsIt() throws Exception {
    try (ServerSocket flawed = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      tellVersion(flawed, "3.9.3");
      String command = "doctor --connect 127.0.0.1:" + flawed.getLocalPort();
      Outcome refused = desk.type(command);
      assertThat(refused.code()).as(refused.out()).isEqualTo(1);
      assertThat(refused.out())
          .containsPattern("server +bad")
          .contains("ZOOKEEPER-4925", "ZOOKIT_ACCEPT_SERVER_VERSION=3.9.3");
      Outcome tried = desk.with("ZOOKIT_ACCEPT_SERVER_VERSION", "3.8.4, 3.9.3")
          .type(command + " --timeout 500ms");
      assertThat(tried.out()).containsPattern("connection +bad").doesNotContain("ZOOKEEPER-4925");
    }
  }

  private static void tellVersion(ServerSocket server, String version) {
    Thread thread = new Thread(() -> {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          socket.getInputStream().readNBytes(4);
          String answer = "Zookeeper version: " + version + "-x, built on 2025\n";
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
          assertThat(e).hasMessageMatching("(?i).*(closed|reset|broken pipe).*");
        }
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  @Test
  @Tag("full")
  void doctor_byAViewer_namesItsRoleAndIsNotDenied() throws Exception {
    String root = zooKeeper.freshRoot();
    Identity ops = Identity.digest("ops", "ops-pw");
    try (ZkClient admin = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .digest("ops", "ops-pw")
        .access(AccessPolicy.sharedBy(ops))
        .connect()) {
      AccessControl.in(admin)
          .init(AccessPolicy.sharedBy(ops).withRole(Role.VIEWER, Identity.digest("ann", "ann-pw")));
    }
    Outcome viewer = doctor("ann", "ann-pw", root);
    assertThat(viewer.code()).as(viewer.out()).isZero();
    assertThat(viewer.out())
        .containsPattern("rights +ok +as digest:ann, it reads")
        .containsPattern("role viewer +ok +reads everything, changes nothing")
        .containsPattern("clock +odd +not compared")
        .doesNotContain("role admin");

    Outcome admin = doctor("ops", "ops-pw", root);
    assertThat(admin.code()).as(admin.out()).isZero();
    assertThat(admin.out()).containsPattern("role admin +ok").containsPattern("clock +ok");

    Outcome wrong = doctor("ann", "other", root);
    assertThat(wrong.code()).as(wrong.out()).isEqualTo(6);
  }

  private Outcome doctor(String user, String password, String root) {
    return desk.with("ZOOKIT_USER", user)
        .with("ZOOKIT_PASSWORD", password)
        .type("doctor --root " + root);
  }

  @Test
  void doctor_rootOfSomebodyElse_isDenied() {
    String root = zooKeeper.freshRoot();
    ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .digest("ana", "secret")
        .connect()
        .close();
    Outcome found = desk.type("doctor --root " + root);
    assertThat(found.code()).as(found.out()).isEqualTo(6);
  }
}
