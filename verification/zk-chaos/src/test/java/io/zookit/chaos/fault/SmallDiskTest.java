package io.zookit.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class SmallDiskTest {

  @Test
  void fill_diskOfItsOwn_takesNothingMoreUntilItIsFreed() throws IOException {
    try (SmallDisk disk = SmallDisk.small()) {
      assumeTrue(disk.folder().isPresent(), "name spaces for every user");
      Path folder = Files.createDirectories(disk.folder().orElseThrow());
      disk.fill();
      assertThatThrownBy(() -> Files.write(folder.resolve("file"), new byte[10_000]))
          .hasMessageContaining("No space left on device");
      disk.free();
      Files.write(folder.resolve("file"), new byte[10_000]);
      assertThat(folder.resolve("file")).hasSize(10_000);
    }
  }

  @Test
  void folder_closedDisk_isNone() throws IOException {
    SmallDisk disk = SmallDisk.small();
    disk.close();
    assertThat(disk.folder()).isEmpty();
  }

  @Test
  void complaints_logOfAServer_areCounted(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("server.log");
    Files.writeString(file, "java.io.IOException: No space left on device\nat nowhere\n");
    try (SmallDisk disk = SmallDisk.small()) {
      assertThat(disk.complaints(file)).isEqualTo(1);
    }
  }
}
