package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows the page for beginners in an empty folder, from the staged release: the script {@code it/first-lock}. Needs Maven
 * Central.
 */
@Tag("nightly")
class FirstLockIT {

  private static final int MOST_MINUTES = 30;

  @TempDir
  Path folder = Path.of("");

  @Test
  @Timeout(value = MOST_MINUTES + 1, unit = TimeUnit.MINUTES)
  void script_inAnEmptyFolder_endsWithALock() throws IOException, InterruptedException {
    Path log = folder.resolve("first-lock.log");
    Process script = new ProcessBuilder("it/first-lock")
        .directory(Checkout.root().toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    try {
      assertThat(script.waitFor(MOST_MINUTES, TimeUnit.MINUTES)).as("ended").isTrue();
      System.out.println(Files.readString(log));
      assertThat(script.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      script.destroy();
    }
  }
}
