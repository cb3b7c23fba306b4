package io.zookit.registry.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.testkit.ManualTimekeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A saved view of an earlier run is used as a whole or not at all. */
class ViewFileTest {

  private final ManualTimekeeper time = new ManualTimekeeper();

  @TempDir
  private Path folder;

  @Test
  void read_whatWasWritten_isTheSame() throws IOException {
    ViewFile file = file();
    file.write(view());
    SavedView read = file.read(time, Optional.of(7L)).orElseThrow();
    assertThat(read).isEqualTo(view());
    assertThat(read.live())
        .extracting(LiveNode::instance)
        .containsExactly(instance(1), instance(2));
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("s.view"))))
        .isEqualTo("rw-------");
    assertThat(folder.toFile().list()).containsExactly("s.view");
  }

  @Test
  void parse_truncatedAtAnyByte_isRefused() {
    byte[] all = ViewFile.format(view());
    assertThat(ViewFile.parse(all)).isPresent();
    for (int length = 0; length < all.length; length++) {
      assertThat(ViewFile.parse(Arrays.copyOf(all, length)))
          .as("%d bytes", length)
          .isEmpty();
    }
  }

  @Test
  void parse_anyByteChanged_isRefused() {
    byte[] all = ViewFile.format(view());
    for (int i = 0; i < all.length; i++) {
      byte[] other = all.clone();
      other[i] ^= 1;
      assertThat(ViewFile.parse(other)).as("byte %d", i).isEmpty();
    }
    assertThat(ViewFile.parse(Arrays.copyOf(all, all.length + 1))).isEmpty();
  }

  @Test
  void read_tooOldOrOfOtherData_isNotUsed() {
    ViewFile file = file();
    assertThat(file.read(time, Optional.empty())).isEmpty();
    file.write(view());
    assertThat(file.read(time, Optional.of(8L))).isEmpty();
    assertThat(file.read(time, Optional.empty())).isPresent();
    time.advance(Duration.ofHours(1).plusMillis(1));
    assertThat(file.read(time, Optional.empty())).isEmpty();
  }

  @Test
  void write_folderThatCannotBeMade_isNoFailure() throws IOException {
    Path notAFolder = Files.createFile(folder.resolve("file"));
    new ViewFile(notAFolder, "s", Duration.ofHours(1)).write(view());
    assertThat(Files.size(notAFolder)).isZero();
  }

  private ViewFile file() {
    return new ViewFile(folder, "s", Duration.ofHours(1));
  }

  private SavedView view() {
    List<LiveNode> live = List.of(
        node(1, instance(1)),
        node(2, instance(2)),
        node(3, instance(3).withStatus(InstanceStatus.LEAVING)));
    return SavedView.of("s", 7, time.now(), live);
  }

  private static LiveNode node(int i, ServiceInstance instance) {
    return new LiveNode("~b00", new NodeName("i" + i, i), 1_000 + i, instance);
  }

  private static ServiceInstance instance(int i) {
    return ServiceInstance.at("s", "h" + i, 80).withId("i" + i).withMetadata("grüße", "ä");
  }
}
