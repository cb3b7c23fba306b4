package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor finds. */
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
  void doctor_noServer_saysSoAndEndsSo() throws Exception {
    int port;
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Outcome found = desk.type("doctor --timeout 500ms --connect 127.0.0.1:" + port);
    assertThat(found.code()).isEqualTo(7);
    assertThat(found.out()).contains("connection   bad");
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
