package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Reports of a command whose data cannot be written. */
class UnwritableOutputTest {

  private static final File FULL = new File("/dev/full");

  @TempDir
  private Path home;

  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void sit() {
    desk = new Desk(home);
    desk.type("context add x --connect localhost:2181");
  }

  @SuppressWarnings("UnusedMethod") // named by @EnabledIf
  private static boolean isFullDeviceThere() {
    return FULL.exists();
  }

  @Test
  void dataOfAnyForm_noByteCanBeWritten_is1AndSaysWhy() {
    desk.writingTo(new FullDisk(0));
    for (String command : new String[] {
      "version",
      "version -o json",
      "--help",
      "context --help",
      "context list",
      "context list -o json",
      "context list -o yaml",
      "context list -o name",
      "context show x",
      "completion bash"
    }) {
      Outcome lost = desk.type(command);
      assertThat(lost.code()).as(command).isEqualTo(1);
      assertThat(lost.err())
          .as(command)
          .isEqualTo("zookit: the standard output cannot be written (the disk is full)\n");
    }
  }

  @Test
  void longData_theLastByteCannotBeWritten_is1() {
    int whole = desk.type("completion bash").out().length();
    assertThat(desk.writingTo(new FullDisk(whole)).type("completion bash").code())
        .isZero();
    assertThat(desk.writingTo(new FullDisk(whole - 1)).type("completion bash").code())
        .isEqualTo(1);
  }

  @Test
  void commandThatFailsAnyway_keepsItsCode() {
    assertThat(desk.writingTo(new FullDisk(0)).type("context show unknown").code())
        .isEqualTo(3);
  }

  @Test
  @EnabledIf("isFullDeviceThere")
  void process_onAFullDevice_endsWith1() throws Exception {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            AdminCommand.class.getName(),
            "version")
        .redirectOutput(FULL)
        .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
  }
}
