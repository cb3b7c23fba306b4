package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.IncarnationException;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit incarnation}, also after the data was lost. */
class IncarnationCommandsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private final String root = zooKeeper.freshRoot();
  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void sit() {
    desk = new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString());
  }

  private Outcome zookit(String command) {
    return desk.type(command + " --root " + root);
  }

  @Test
  void show_freshRoot_isTheFirst() {
    assertThat(zookit("incarnation show"))
        .isEqualTo(new Outcome(0, "incarnation 1\n  root   " + root + "\n", ""));
    assertThat(zookit("incarnation show -o name").out()).isEqualTo("1\n");
  }

  @Test
  void raise_withoutWordOrConsent_changesNothing() {
    assertThat(zookit("incarnation raise").code()).isEqualTo(2);
    Outcome dry = zookit("incarnation raise --at-least 7 --dry-run");
    assertThat(dry.code()).isZero();
    assertThat(dry.err())
        .isEqualTo("would do: raise the incarnation of " + root + " from 1 to 7\n");
    assertThat(zookit("incarnation raise --at-least -1 --yes").code()).isEqualTo(2);
    assertThat(zookit("incarnation show -o name").out()).isEqualTo("1\n");
  }

  @Test
  void raise_toALesserNumber_isOneMoreThanThePresent() {
    assertThat(zookit("incarnation raise --at-least 7 --yes -o name").out()).isEqualTo("7\n");
    assertThat(zookit("incarnation raise --at-least 3 --yes -o name").out()).isEqualTo("8\n");
  }

  @Test
  void raise_afterTheDataWasWiped_letsAProcessThatKnewItGoOnWithGreaterTokens() throws Exception {
    try (ZkClient process = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect()) {
      DistributedLock lock = DistributedLock.named("stock", process);
      FencingToken before;
      try (Lease held = lock.acquire()) {
        before = held.token();
      }
      wipe();
      await()
          .atMost(Desk.LONG)
          .untilAsserted(
              () -> assertThatThrownBy(lock::acquire).isInstanceOf(IncarnationException.class));

      assertThat(zookit("incarnation raise --at-least 2 --yes -o name").out()).isEqualTo("2\n");

      await().atMost(Desk.LONG).until(() -> process.incarnation() == 2);
      try (Lease held = lock.acquire()) {
        assertThat(held.token()).isGreaterThan(before);
      }
    }
  }

  @Test
  @Tag("full")
  void repair_damagedNode_replacesItAndOnlyIt() throws Exception {
    assertThat(zookit("incarnation raise --at-least 9 --yes -o name").out()).isEqualTo("9\n");
    assertThat(zookit("incarnation repair --at-least 20 --yes").code()).isEqualTo(4);
    damage();
    assertThat(zookit("config ns list").code()).isZero();
    Outcome raise = zookit("incarnation raise --yes");
    assertThat(raise.code()).isEqualTo(1);
    assertThat(raise.err()).contains("zookit incarnation repair");
    Outcome doctor = zookit("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out()).contains("zookit incarnation repair");
    assertThat(zookit("incarnation repair --yes").code()).isEqualTo(2);
    assertThat(zookit("incarnation repair --at-least 10 --dry-run").err())
        .isEqualTo(
            "would do: the incarnation of " + root + " cannot be read: replace it with 10\n");
    assertThat(zookit("incarnation repair --at-least 10 --yes -o name").out()).isEqualTo("10\n");
    assertThat(zookit("incarnation show -o name").out()).isEqualTo("10\n");
  }

  @Test
  @Tag("full")
  void raise_whileRestoredDataAreSuspected_showsBothStatesAndEndsIt() throws Exception {
    assertThat(zookit("incarnation show").code()).isZero();
    ZooKeeper operator = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    try {
      String suspect =
          "{\"v\":1,\"r\":1,\"by\":\"shop-1\",\"reason\":\"it went back from version 7 to 3\","
              + "\"incarnation\":6,\"known\":\"version 7\",\"found\":\"version 3\"}";
      operator.create(
          root + "/~suspect",
          suspect.getBytes(StandardCharsets.UTF_8),
          Ids.OPEN_ACL_UNSAFE,
          CreateMode.PERSISTENT);
    } finally {
      operator.close();
    }
    Outcome doctor = zookit("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out()).contains("went back from version 7 to 3", "zookit incarnation raise");
    Outcome dry = zookit("incarnation raise --dry-run");
    assertThat(dry.err())
        .contains(
            "suspected by shop-1: it went back from version 7 to 3",
            "remembered: version 7",
            "found:      version 3",
            "from 1 to 7");
    assertThat(zookit("incarnation raise --yes -o name").out()).isEqualTo("7\n");
    assertThat(zookit("doctor").out()).contains("on each of 1 servers that answer");
    assertThat(zookit("incarnation raise --dry-run").err()).doesNotContain("suspected");
  }

  private void damage() throws Exception {
    ZooKeeper operator = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    try {
      operator.setData(root + "/~incarnation", new byte[] {'x'}, -1);
    } finally {
      operator.close();
    }
  }

  private void wipe() throws Exception {
    ZooKeeper operator = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    try {
      operator.delete(root + "/~incarnation", -1);
    } finally {
      operator.close();
    }
  }
}
