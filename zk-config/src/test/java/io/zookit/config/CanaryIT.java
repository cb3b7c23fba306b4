package io.zookit.config;

import static io.zookit.config.ConfigWorld.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A secret is in no line that is logged at any level, in no exception, and in no file. */
@Tag("full")
class CanaryIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  Path folder = Path.of("");

  @Test
  void secret_inAProgramThatLogsEverything_isNowhere() throws Exception {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    Path keys = PrivateFile.write(folder.resolve("keys"), "m1=" + key + "\n");
    Path snapshots = folder.resolve("snapshots");
    Path log = folder.resolve("canary.log");
    try (ChildJvm child = ChildJvm.of(Canary.class)
        .jvmOptions("-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace")
        .args(zooKeeper.connectString(), keys.toString(), snapshots.toString())
        .log(log)
        .start()) {
      OptionalInt exit = child.awaitExit(LONG.multipliedBy(3));
      assertThat(exit).as(() -> "exit; " + read(log)).hasValue(0);
      assertThat(child.lines()).contains(Canary.DONE);
    }

    String logged = read(log);
    assertThat(logged).contains("DEBUG", "TRACE", "REJECTED", "(secret)");
    assertThat(logged).doesNotContain(Canary.SECRET, key);
    for (Path file : files(snapshots)) {
      assertThat(read(file)).as("%s", file).doesNotContain(Canary.SECRET, key);
    }
  }

  private static List<Path> files(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> found = files.filter(Files::isRegularFile).toList();
      assertThat(found).isNotEmpty();
      return found;
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
