package io.zookit.samples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ZkServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo itself, with a small shop. */
@Timeout(1000)
class DemoIT {

  private static final DemoPlan BRIEF = new DemoPlan(
      2, 500, Duration.ofSeconds(1), 2, 5, Duration.ofSeconds(1), Duration.ofSeconds(900));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir
  private Path folder;

  @Test
  @Tag("full")
  void run_fenced_everyClaimHoldsAndItExitsWith0() {
    int exit = run();

    assertThat(exit).as("exit code; progress:%n%s%nresult:%n%s", err, out).isZero();
    assertThat(text(out).lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("stock: orders=[1-9]\\d* oversold=0 lost-updates=0"),
            line -> assertThat(line).matches("fencing: stale-writes-refused=[1-9]\\d* \\(≥ 1\\)"),
            line -> assertThat(line).matches("registry: failover-ms=\\d+ wrong-calls-after=0"),
            line -> assertThat(line).matches("rolling-restart: calls=[1-9]\\d* failed=0"),
            line -> assertThat(line)
                .matches("config: releases=8 torn-reads=0 gray-matched=1 rollback-ms=\\d+"),
            line -> assertThat(line)
                .matches("jobs: slots=[1-9]\\d* duplicates=0 without-fate=0 skipped=\\d+"),
            line -> assertThat(line).isEqualTo("result: all claims hold"));
    assertThat(text(err))
        .contains("kill -9", "SIGSTOP", "refused", "gone on with the report")
        .contains("version 2.0, with a route of 20 %", "the leader of 3", "no majority")
        .containsPattern("an order is confirmed \\d+ ms later")
        .containsPattern("proven: [1-9]\\d* orders, .*\\R *next: .*--unfenced")
        .doesNotContain("\033");
  }

  @Test
  @Tag("full")
  void run_unfencedOnAGivenServer_losesUpdatesExitsWith1AndLeavesNothingBehind() {
    try (ZkServer server = ZkServer.start()) {
      int exit = run("--unfenced", "--connect", server.connectString());

      assertThat(exit).as("exit code; progress:%n%s%nresult:%n%s", err, out).isEqualTo(1);
      assertThat(text(out))
          .containsPattern("stock: orders=\\d+ oversold=\\d+ lost-updates=[1-9]")
          .contains("fencing: stale-writes-refused=0", "result: broken: stock, fencing");
      assertThat(text(err))
          .contains("none of them is killed")
          .containsPattern("shown: [1-9]\\d* updates were lost");
      assertThat(server.nodes()).isEmpty();
    }
  }

  private int run(String... arguments) {
    DemoTerminal terminal = new DemoTerminal(stream(out), stream(err), false, false, false);
    return new DemoCommand(terminal, BRIEF, folder).run(List.of(arguments));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
