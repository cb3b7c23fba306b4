package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class ChildJvmIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir
  private Path folder;

  @Test
  void start_everythingSet_reachesTheChildAndItsOutputTheLog() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    Path log = folder.resolve("child.log");
    try (ChildJvm child = ChildJvm.of(EchoChild.class)
        .args("a", "b c")
        .env("ZOOKIT_TEST", "e")
        .jvmOptions("-Xmx64m", "-Dzookit.test=o")
        .directory(folder)
        .log(log)
        .onLine(heard::add)
        .start()) {
      child.awaitLine("ready"::equals, LONG);
      assertThat(child.lines())
          .contains("args a,b c", "env e", "option o", "directory " + folder.toRealPath())
          .doesNotContain("to the log only");
      await().until(() -> heard.contains("ready"));
      assertThat(child.log()).isEqualTo(log);
      assertThat(Files.readAllLines(log)).contains("to the log only", "args a,b c");
    }
    assertThat(log).exists();
  }

  @Test
  void send_line_isHeardByTheChildUntilItEnds() throws Exception {
    try (ChildJvm child = start()) {
      child.send("one");
      child.send("two");
      assertThat(child.awaitLine(line -> line.startsWith("told"), LONG)).isEqualTo("told one");
      assertThat(child.awaitLine(line -> line.startsWith("told"), LONG)).isEqualTo("told two");
      assertThat(child.exitCode()).isEmpty();
      child.send("end");
      assertThat(child.awaitExit(LONG)).hasValue(7);
      assertThat(child.isAlive()).isFalse();
    }
  }

  @Test
  void awaitLine_childEnds_failsAtOnceWithItsLog() throws Exception {
    try (ChildJvm child = start()) {
      child.send("end");
      assertThatThrownBy(() -> child.awaitLine("never"::equals, Duration.ofMinutes(10)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("to the log only");
    }
  }

  @Test
  void pause_thenResume_childStandsStillMeanwhile() throws Exception {
    try (ChildJvm child = start()) {
      child.pause();
      child.pause();
      child.send("while frozen");
      assertThatThrownBy(() -> child.awaitLine("told while frozen"::equals, Duration.ofMillis(300)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(child.isAlive()).isTrue();
      child.resume();
      child.resume();
      child.awaitLine("told while frozen"::equals, LONG);
    }
  }

  @Test
  void kill_frozen_ends() throws Exception {
    try (ChildJvm child = start()) {
      child.pause();
      child.kill();
      assertThat(child.exitCode()).hasValue(128 + 9);
      assertThatThrownBy(child::pause)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended");
      child.resume();
    }
  }

  @Test
  void terminate_running_endsBySigterm() throws Exception {
    try (ChildJvm child = start()) {
      assertThat(child.terminate(LONG)).isEqualTo(128 + 15);
    }
  }

  @Test
  void close_temporaryLog_isDeletedAndProcessGone() throws Exception {
    ChildJvm child = start();
    assertThat(child.log()).exists();
    child.close();
    child.close();
    assertThat(child.log()).doesNotExist();
    assertThat(ProcessHandle.of(child.pid())).isEmpty();
  }

  @Test
  void start_noSuchClass_showsInTheLog() throws Exception {
    try (ChildJvm child = ChildJvm.of("no.such.Main").start()) {
      assertThatThrownBy(() -> child.awaitLine("ready"::equals, LONG))
          .hasMessageContaining("no.such.Main");
      assertThat(child.awaitExit(LONG)).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kill", "exit"})
  @Tag("full")
  void parentEnds_killedOrByItself_runningAndFrozenChildrenEndToo(String how) throws Exception {
    try (ChildJvm parent = ChildJvm.of(ParentChild.class)
        .args(how)
        .jvmOptions("-Djava.io.tmpdir=" + folder)
        .start()) {
      Matcher ids = Pattern.compile("children (\\d+) (\\d+)")
          .matcher(parent.awaitLine(line -> line.startsWith("children"), LONG));
      assertThat(ids.matches()).isTrue();
      long running = Long.parseLong(ids.group(1));
      long frozen = Long.parseLong(ids.group(2));
      if (how.equals("kill")) {
        assertThat(isAlive(running)).isTrue();
        assertThat(isAlive(frozen)).isTrue();
        parent.kill();
      }
      await().atMost(LONG).until(() -> !isAlive(running) && !isAlive(frozen));
      assertThat(parent.awaitExit(LONG)).isPresent();
    }
  }

  private static ChildJvm start() throws InterruptedException {
    ChildJvm child = ChildJvm.of(EchoChild.class).start();
    child.awaitLine("ready"::equals, LONG);
    return child;
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
