package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.internal.follow.SnapshotFile;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A process that starts again, with and without ZooKeeper. */
class RestartIT {

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
  void start_whileZooKeeperIsDown_usesTheFileAndSaysSo() throws Exception {
    ConfigStore first = remembering(world.client());
    first.publish(LIMITS, numbers(1), ANA);
    first.follow(LIMITS).awaitReady(LONG);
    awaitFile();
    zooKeeper.server().stop();
    ZkClient away = world.keep(
        ZkClient.builder(zooKeeper.server().connectString()).root(world.root).start());

    LiveValue<ConfigSnapshot> live = remembering(away).follow(LIMITS).awaitReady(LONG);

    assertThat(live.current().get("a")).contains("1");
    assertThat(live.current().source()).isInstanceOf(ConfigSnapshot.Source.Stored.class);
    soon().until(() -> live.age().compareTo(Duration.ZERO) > 0);
    zooKeeper.server().restart();
    soon().until(() -> live.current().source() instanceof ConfigSnapshot.Source.Live);
    assertThat(live.age()).isZero();
    world.store().publish(LIMITS, numbers(2), ANA);
    soon().until(() -> live.current().get("a").filter("2"::equals).isPresent());
  }

  @Test
  void start_withAFileThatIsNewerThanTheServer_doesNotGoBack() throws Exception {
    ConfigStore first = remembering(world.client());
    first.publish(LIMITS, numbers(1), ANA);
    ZooKeeper admin = world.plain();
    String head = world.path(LIMITS) + "/head";
    byte[] old = admin.getData(head, false, null);
    first.publish(LIMITS, numbers(2), ANA);
    LiveValue<ConfigSnapshot> before = first.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> before.current().release() == 2);
    awaitFile();
    soon()
        .until(() -> new SnapshotFile(folder).load(LIMITS).orElseThrow().head().revision() == 2);
    before.close();
    admin.setData(head, old, -1);
    List<Long> refused = new CopyOnWriteArrayList<>();
    ConfigObserver observer = new ConfigObserver() {
      @Override
      public void onOlderRefused(Namespace namespace, long epoch, long revision) {
        refused.add(revision);
      }
    };

    LiveValue<ConfigSnapshot> again = ConfigStore.builder(world.client())
        .snapshots(folder)
        .observer(observer)
        .build()
        .follow(LIMITS)
        .awaitReady(LONG);

    soon().until(() -> refused.contains(1L));
    assertThat(again.current().get("a")).contains("2");
    assertThat(again.current().source()).isInstanceOf(ConfigSnapshot.Source.Stored.class);
  }

  /** Killed at any moment, the next process shows no less than this one has shown. */
  @Test
  @Tag("full")
  void subscriber_withAFolder_hearsOfNothingThatIsNotKept() throws Exception {
    ConfigStore store = remembering(world.client());
    List<String> notKept = new CopyOnWriteArrayList<>();
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS);
    live.subscribe(heard -> {
      long kept = new SnapshotFile(folder)
          .load(LIMITS)
          .map(raw -> raw.head().revision())
          .orElse(0L);
      if (kept < heard.revision()) {
        notKept.add(heard.revision() + " after " + kept);
      }
    });
    for (int n = 1; n <= 50; n++) {
      store.publish(LIMITS, numbers(n), ANA);
    }
    soon().until(() -> live.latest().filter(last -> last.release() == 50).isPresent());
    assertThat(notKept).isEmpty();
  }

  @Test
  void start_withAFileOfAnotherEnsemble_takesWhatIsThere() throws Exception {
    ConfigStore first = remembering(world.client());
    for (int n = 1; n <= 3; n++) {
      first.publish(LIMITS, numbers(n), ANA);
    }
    first.follow(LIMITS).awaitReady(LONG);
    awaitFile();
    ConfigWorld elsewhere =
        world.keep(new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot() + "-elsewhere"));
    elsewhere.store().publish(LIMITS, numbers(50), ANA);

    LiveValue<ConfigSnapshot> live = remembering(elsewhere.client()).follow(LIMITS);

    soon()
        .until(() ->
            live.latest().flatMap(found -> found.get("a")).filter("50"::equals).isPresent());
  }

  @Test
  void instance_withoutAName_isKeptInTheFolder() throws Exception {
    String id = remembering(world.client()).instance().id();

    assertThat(remembering(world.client()).instance().id()).isEqualTo(id);
    assertThat(world.store().instance().id()).isNotEqualTo(id);
  }

  private ConfigStore remembering(ZkClient client) {
    return ConfigStore.builder(client).snapshots(folder).build();
  }

  private void awaitFile() {
    soon().until(() -> Files.exists(new SnapshotFile(folder).file(LIMITS)));
  }
}
