package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the scripts of the folder {@code it}, each on a staged release: the page for beginners in an empty folder, projects
 * that use the modules with versions of their own, and two builds that are compared. Needs Maven Central.
 */
@Tag("nightly")
class StagedReleaseIT {

  private static final int MOST_MINUTES = 60;

  @TempDir
  Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"it/first-lock", "it/consumers", "it/reproducible"})
  @Timeout(value = MOST_MINUTES + 1, unit = TimeUnit.MINUTES)
  void script_onAStagedRelease_succeeds(String script) throws IOException, InterruptedException {
    Path log = folder.resolve("script.log");
    Process process = new ProcessBuilder(script)
        .directory(Checkout.root().toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    try {
      assertThat(process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)).as("ended").isTrue();
      System.out.println(Files.readString(log));
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      process.destroy();
    }
  }
}
