package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zookit.config.gray.Instance;
import io.zookit.config.internal.follow.SnapshotFile;
import io.zookit.core.LiveValue;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots on a disk that does not take them. */
class SnapshotDiskIT {

  private static final String MOUNT =
      "mount -t tmpfs -o size=128k zookit \"$1\" && echo ready && exec cat";

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  Path folder = Path.of("");

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private @Nullable Process disk;

  @AfterEach
  void close() throws Exception {
    world.close();
    if (disk != null) {
      disk.destroy();
    }
  }

  @Test
  void release_onAFullDisk_isAppliedSaidNotToBeKeptAndKeptWhenThereIsRoom() throws Exception {
    Path mounted = mounted();
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);
    LiveValue<ConfigSnapshot> live = reader(mounted).follow(LIMITS).awaitReady(LONG);
    soon().until(() -> kept(mounted) == 1);
    Path filler = mounted.resolve("filler");
    fill(filler);

    store.publish(LIMITS, numbers(2), ANA);

    soon().until(() -> live.current().release() == 2);
    awaitNotKept(store, "No space left on device");
    assertThat(kept(mounted)).isEqualTo(1);
    assertThat(heard).containsExactly("not kept 2");
    Files.delete(filler);
    soon().until(() -> kept(mounted) == 2);
    awaitKept(store);
    assertThat(heard).containsExactly("not kept 2", "kept 2");
  }

  @Test
  @Tag("full")
  void release_withAFolderThatCannotBeWritten_isAppliedSaidNotToBeKeptAndKeptLater()
      throws Exception {
    Path snapshots = folder.resolve("snapshots");
    ConfigStore store = world.store();
    store.publish(LIMITS, numbers(1), ANA);
    LiveValue<ConfigSnapshot> live = reader(snapshots).follow(LIMITS).awaitReady(LONG);
    soon().until(() -> kept(snapshots) == 1);
    Files.move(snapshots, folder.resolve("away"));
    Files.writeString(snapshots, "no folder");

    store.publish(LIMITS, numbers(2), ANA);

    soon().until(() -> live.current().release() == 2);
    awaitNotKept(store, "snapshots");
    Files.delete(snapshots);
    Files.move(folder.resolve("away"), snapshots);
    soon().until(() -> kept(snapshots) == 2);
    awaitKept(store);
    assertThat(heard).containsExactly("not kept 2", "kept 2");
  }

  private void awaitNotKept(ConfigStore store, String reason) {
    soon()
        .untilAsserted(() -> assertThat(store.instances(LIMITS)).singleElement().satisfies(ack -> {
          assertThat(ack.release()).isEqualTo(2);
          assertThat(ack.status()).isEqualTo(InstanceReleaseStatus.Status.APPLIED);
          assertThat(ack.notKept().orElse("")).contains(reason);
        }));
  }

  private void awaitKept(ConfigStore store) {
    soon()
        .untilAsserted(() -> assertThat(store.instances(LIMITS)).singleElement().satisfies(ack -> {
          assertThat(ack.release()).isEqualTo(2);
          assertThat(ack.notKept()).isEmpty();
        }));
  }

  private ConfigStore reader(Path snapshots) {
    ConfigObserver observer = new ConfigObserver() {
      @Override
      public void onNotKept(Namespace namespace, int release, String reason) {
        heard.add("not kept " + release);
      }

      @Override
      public void onKept(Namespace namespace, int release) {
        heard.add("kept " + release);
      }
    };
    return ConfigStore.builder(world.client())
        .instance(Instance.named("reader"))
        .snapshots(snapshots)
        .observer(observer)
        .build();
  }

  private static int kept(Path snapshots) {
    return new SnapshotFile(snapshots)
        .load(LIMITS)
        .map(raw -> raw.release().manifest().number())
        .orElse(0);
  }

  private static void fill(Path filler) throws IOException {
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (byte[] piece = new byte[512]; ; ) {
        out.write(piece);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  /** A disk of its own, in a name space of its own, where the machine allows that. */
  private Path mounted() throws IOException {
    Path point = Files.createDirectory(folder.resolve("disk"));
    try {
      disk = new ProcessBuilder("unshare", "-Urm", "sh", "-c", MOUNT, "sh", point.toString())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      assumeTrue(false, "no name spaces here: " + e.getMessage());
    }
    Process started = java.util.Objects.requireNonNull(disk);
    String line = started.inputReader(StandardCharsets.UTF_8).readLine();
    assumeTrue("ready".equals(line), "no disk can be mounted here");
    return Path.of("/proc/" + started.pid() + "/root" + point);
  }
}
