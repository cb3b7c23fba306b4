package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.internal.follow.SnapshotFile;
import io.zookit.core.IncarnationException;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Readers and publishers over data that were set back to an earlier state. */
@Timeout(180)
class RestoredConfigIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void reader_ofDataThatWereSetBack_keepsTheLastGoodAndFollowsThemAfterTheRaise() throws Exception {
    ZkClient operator = world.client();
    ConfigStore publisher = ConfigStore.in(operator);
    publishThree(publisher);
    LiveValue<ConfigSnapshot> live = reader().follow(LIMITS).awaitReady(LONG);
    soon().until(() -> live.current().release() == 3);
    setBackToTheFirst(world.plain());
    suspect(world.plain());
    soon().until(() -> operator.suspicion().isPresent());

    assertThatThrownBy(() -> publisher.publish(LIMITS, numbers(9), ANA))
        .isInstanceOf(IncarnationException.class);
    soon()
        .until(() -> publisher.instances(LIMITS).stream()
            .anyMatch(ack -> ack.status() == InstanceReleaseStatus.Status.STALE));
    assertThat(live.current().release()).isEqualTo(3);

    operator.raiseIncarnation(0);

    soon().until(() -> live.current().release() == 1);
    assertThat(live.current().get("a")).contains("1");
    publisher.publish(LIMITS, numbers(20), ANA);
    soon().until(() -> live.current().release() == 2);
    assertThat(live.current().get("a")).contains("20");
    live.close();
    LiveValue<ConfigSnapshot> restarted = reader().follow(LIMITS).awaitReady(LONG);
    assertThat(restarted.current().get("a")).contains("20");
  }

  @Test
  void reader_startedWithAFileOfBeforeTheRaise_followsTheRestoredData() throws Exception {
    ZkClient operator = world.client();
    publishThree(ConfigStore.in(operator));
    LiveValue<ConfigSnapshot> before = reader().follow(LIMITS).awaitReady(LONG);
    soon().until(() -> before.current().release() == 3);
    soon()
        .until(() -> new SnapshotFile(folder)
            .load(LIMITS)
            .filter(raw -> raw.head().revision() == 3)
            .isPresent());
    before.close();
    setBackToTheFirst(world.plain());
    operator.raiseIncarnation(0);

    LiveValue<ConfigSnapshot> restarted = reader().follow(LIMITS).awaitReady(LONG);

    soon().until(() -> restarted.current().release() == 1);
    soon()
        .until(() -> new SnapshotFile(folder).load(LIMITS).orElseThrow().head().revision() == 1);
  }

  /** Only the file remembers: the restored data hold an earlier version of the lineage. */
  @Test
  @Tag("full")
  void reader_startedWithAFileThatRemembersMore_noticesAndTakesNothing() throws Exception {
    ZkClient operator = world.client();
    publishThree(ConfigStore.in(operator));
    LiveValue<ConfigSnapshot> before = reader().follow(LIMITS).awaitReady(LONG);
    soon().until(() -> before.current().release() == 3);
    soon()
        .until(() -> new SnapshotFile(folder)
            .load(LIMITS)
            .filter(raw -> raw.head().revision() == 3)
            .isPresent());
    before.close();
    operator.close();
    ZooKeeper admin = world.plain();
    String lineage = world.root + "/~lineage";
    admin.setData(lineage, wrong(admin.getData(lineage, false, null)), -1);

    ZkClient late = world.client();
    LiveValue<ConfigSnapshot> restarted =
        ConfigStore.builder(late).snapshots(folder).build().follow(LIMITS).awaitReady(LONG);

    soon().until(() -> late.suspicion().isPresent());
    assertThat(restarted.current().release()).isEqualTo(3);
  }

  /** The same node with another history: another writer was faster after the restore. */
  private static byte[] wrong(byte[] lineage) {
    String text = new String(lineage, StandardCharsets.UTF_8);
    return text.replaceFirst("\"marks\":\\[", "\"marks\":[{\"version\":0,\"tag\":\"another\"}")
        .replace("}{", "},{")
        .getBytes(StandardCharsets.UTF_8);
  }

  private ConfigStore reader() {
    return ConfigStore.builder(world.client()).snapshots(folder).build();
  }

  private void publishThree(ConfigStore publisher) throws Exception {
    publisher.publish(LIMITS, numbers(1), ANA);
    first = world.plain().getData(world.path(LIMITS) + "/head", false, null);
    publisher.publish(LIMITS, numbers(2), ANA);
    publisher.publish(LIMITS, numbers(3), ANA);
  }

  private byte[] first = {};

  /** Leaves what a copy taken after the first publish holds. */
  private void setBackToTheFirst(ZooKeeper admin) throws Exception {
    String path = world.path(LIMITS);
    for (int n = 2; n <= 3; n++) {
      for (String kind : new String[] {"/releases/", "/audit/"}) {
        for (String child : admin.getChildren(path + kind.substring(0, kind.length() - 1), false)) {
          if (Long.parseLong(child) == n) {
            admin.delete(path + kind + child, -1);
          }
        }
      }
    }
    admin.setData(path + "/head", first, -1);
  }

  private void suspect(ZooKeeper admin) throws Exception {
    admin.create(
        world.root + "/~suspect", new byte[] {1}, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
  }
}
