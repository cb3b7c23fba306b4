package io.zookit.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.quickstart.SampleCommand.QuickStart;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs each quick start as its reader does, in a process of its own, and compares what it prints. */
@Timeout(240)
class QuickStartsIT {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String PATIENT = "-Dzookit.connectTimeout=PT1M";
  private static final String TOKEN = "[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{8}";
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

  private static final List<String> FENCED_LOCK = List.of(
      "owner 1 has token " + TOKEN + " and reads 10 pieces",
      "owner 1 is paused, and its lock is broken",
      "owner 2 has token " + TOKEN + " and sells one piece",
      "owner 1 continues and sells one, too: refused, its token is too old",
      "9 of 10 pieces are left, as the one sale was: nothing was lost");

  private static final Map<String, List<String>> PRINTED = Map.of(
      "FencedLock",
      FENCED_LOCK,
      "DiscoverAndCall",
      List.of(
          "40 calls were answered by \\[greeter-1, greeter-2]",
          "greeter-1 has left, instances: 1",
          "40 calls were answered by \\[greeter-2]"),
      "LiveConfig",
      List.of(
          "release \\d+: OrderLimits\\[maxOrders=200, pause=PT5S]",
          "one value changed: OrderLimits\\[maxOrders=300, pause=PT5S]",
          "max-orders=many: refused, max-orders.*",
          "release \\d+ rolls back: OrderLimits\\[maxOrders=200, pause=PT5S]",
          "read at any time without a request: OrderLimits\\[maxOrders=200, pause=PT5S]"),
      "GrayRelease",
      List.of(
          "stable release: app-1 and app-2 show a blue button",
          "gray release for app-2: it shows green, app-1 still blue",
          "promoted: app-1 shows green, too"),
      "ClusterCron",
      List.of(
          "slot " + TIME + " runs on node-[12]",
          "slot " + TIME + " runs on node-[12]",
          "slot " + TIME + " runs on node-[12]",
          "slot " + TIME + " runs on node-[12]",
          "recorded: 4 slots, 0 without an outcome, 0 with two"),
      "QuartzExclusive",
      List.of(
          "two nodes have the same trigger, due every second",
          "fire time " + TIME + ", token " + TOKEN,
          "fire time " + TIME + ", token " + TOKEN,
          "fire time " + TIME + ", token " + TOKEN,
          "fire time " + TIME + ", token " + TOKEN,
          "4 fire times, 4 runs: each ran on one node only"),
      "Election",
      List.of(
          "node-1 is master, epoch " + TOKEN,
          "node-2 stands by",
          "switching to node-2; node-1 may act as master: false",
          "node-2 is master, epoch " + TOKEN,
          "node-2 leaves",
          "node-1 is master, epoch " + TOKEN),
      "UniqueIds",
      List.of(
          "process 1 has slot \\d+, process 2 slot \\d+; an id of each: \\d+, \\d+",
          "20000 ids taken without a request, 20000 distinct",
          "order numbers, taken in turns: \\d+, \\d+, \\d+"),
      "PartitionOwner",
      List.of(
          "member-1 is alone: \\{member-1=8}",
          "member-2 has joined: \\{member-1=4, member-2=4}",
          "member-2 has left: \\{member-1=8}",
          "each new owner had a greater token than the one before"));

  @Test
  void fencedLock_onAServerOfItsOwn_showsARefusedWrite() throws Exception {
    try (ChildJvm sample =
        ChildJvm.of(FencedLockSample.class).jvmOptions(PATIENT).start()) {
      assertThat(sample.awaitExit(LONG)).as(() -> log(sample)).hasValue(0);
      assertPrinted(FENCED_LOCK, sample.lines());
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  @Tag("full")
  void sample_onGivenServers_showsWhatItIsFor(QuickStart chosen) throws Exception {
    try (ZkServer server = ZkServer.start()) {
      for (int run = 1; run <= 2; run++) { // the second finds what the first has left
        try (ChildJvm sample = ChildJvm.of(SampleCommand.class)
            .jvmOptions(PATIENT)
            .args(chosen.name(), "--connect", server.connectString())
            .start()) {
          assertThat(sample.awaitExit(LONG)).as(() -> log(sample)).hasValue(0);
          assertPrinted(Objects.requireNonNull(PRINTED.get(chosen.name())), sample.lines());
        }
      }
    }
  }

  static Stream<QuickStart> samples() {
    return SampleCommand.all().stream();
  }

  private static String log(ChildJvm sample) {
    try {
      return Files.readString(sample.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertPrinted(List<String> patterns, List<String> lines) {
    assertThat(lines).as(String.join("\n", lines)).hasSameSizeAs(patterns);
    for (int i = 0; i < patterns.size(); i++) {
      assertThat(lines.get(i)).matches(patterns.get(i));
    }
  }
}
