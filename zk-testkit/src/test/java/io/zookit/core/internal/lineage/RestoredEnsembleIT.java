package io.zookit.core.internal.lineage;

import static io.zookit.core.internal.lineage.LineageFixture.awaitSuspicion;
import static io.zookit.core.internal.lineage.LineageFixture.awaitTrust;
import static io.zookit.core.internal.lineage.LineageFixture.awaitVersion;
import static io.zookit.core.internal.lineage.LineageFixture.createNodes;
import static io.zookit.core.internal.lineage.LineageFixture.writeUpTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.session.WireHandle;
import io.zookit.testkit.ZkProcesses;
import io.zookit.testkit.ZkProcessesBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ensembles of three servers that are set back to an older state while a client lives on. */
@Timeout(300)
@Tag("full")
class RestoredEnsembleIT {

  private static final int SERVERS = 3;
  private static final String ROOT = "/r";

  /** Longer than servers need to restart, so that they have the time to refuse a client. */
  private static final Duration SESSION = Duration.ofSeconds(20);

  /** So the library's handle still tries to connect when the restored servers serve. */
  private static final Duration BEYOND_THE_OUTAGE = Duration.ofSeconds(40);

  private final LineageFixture clients = new LineageFixture();

  @TempDir
  Path folder;

  @AfterEach
  void closeAll() {
    clients.close();
  }

  /** The order in which servers come back, of which one has a copy and the others have nothing. */
  private enum Order {
    COPY_FIRST(0, 1, 2),
    WIPED_FIRST(1, 2, 0);

    private final int first;
    private final int second;
    private final int third;

    Order(int first, int second, int third) {
      this.first = first;
      this.second = second;
      this.third = third;
    }
  }

  /** No other client writes, so the servers stay behind what the client has seen and refuse its session. */
  @Test
  void coldCopyOfAllServers_clientThatIsRefused_comparesWithAFreshHandle() throws Exception {
    try (ZkProcesses ensemble = start()) {
      Inside living = connect(ensemble, BEYOND_THE_OUTAGE);
      writeUpTo(living, 3, "a");
      stop(ensemble);
      copy();
      ensemble.heal();
      living.client.awaitConnected(LineageFixture.LONG);
      writeUpTo(living, 7, "b");
      createNodes(living, 100);
      awaitVersion(living, 7);
      WireHandle refused = living.handle();

      stop(ensemble);
      for (int server = 0; server < SERVERS; server++) {
        DataFolder.restore(backup(server), data(server));
      }
      ensemble.heal();
      awaitSuspicion(living);

      assertThat(refusals(ensemble)).as("refused connections").isPositive();
      assertThat(living.client.suspicion().orElseThrow().reason())
          .contains("went back from version 7 to 3");
      awaitSuspicion(connect(ensemble));
      assertThat(living.client.raiseIncarnation(0)).isEqualTo(2);
      awaitTrust(living);
      assertThat(refused.isOver()).isTrue();
      createNodes(living, 1);
      assertThat(living.client.token(7, 0).incarnation()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  @Tag("nightly")
  void oneCopyBesideTwoWiped_isNoticed(Order order) throws Exception {
    try (ZkProcesses ensemble = start()) {
      Inside living = connect(ensemble);
      writeUpTo(living, 3, "a");
      stop(ensemble);
      copy();
      ensemble.heal();
      living.client.awaitConnected(LineageFixture.LONG);
      writeUpTo(living, 7, "b");
      awaitVersion(living, 7);

      stop(ensemble);
      DataFolder.restore(backup(0), data(0));
      ensemble.wipe(1);
      ensemble.wipe(2);
      ensemble.restart(order.first);
      ensemble.restart(order.second);
      assertThat(ensemble.awaitLeader(LineageFixture.LONG)).isPresent();
      ensemble.restart(order.third);
      awaitSuspicion(living);

      assertThat(living.client.raiseIncarnation(0)).isEqualTo(2);
      awaitTrust(living);
      createNodes(living, 1);
      assertThat(living.client.token(7, 0).incarnation()).isEqualTo(2);
    }
  }

  private ZkProcesses start() throws IOException {
    ZkProcessesBuilder builder = ZkProcesses.servers(SERVERS);
    for (int server = 0; server < SERVERS; server++) {
      builder.data(server, Files.createDirectories(data(server)));
    }
    return builder.start();
  }

  private Inside connect(ZkProcesses ensemble) {
    return connect(ensemble, SESSION);
  }

  private Inside connect(ZkProcesses ensemble, Duration session) {
    ZkClientBuilder builder = ZkClient.builder(ensemble.connectString())
        .root(ROOT)
        .connectTimeout(LineageFixture.LONG)
        .sessionTimeout(session);
    return clients.connect(builder);
  }

  private static void stop(ZkProcesses ensemble) {
    for (int server = 0; server < SERVERS; server++) {
      ensemble.kill(server);
    }
  }

  private void copy() throws IOException {
    for (int server = 0; server < SERVERS; server++) {
      DataFolder.copy(data(server), backup(server));
    }
  }

  private Path data(int server) {
    return folder.resolve("data-" + server);
  }

  private Path backup(int server) {
    return folder.resolve("backup-" + server);
  }

  /** Counts the refusals of clients that have seen a greater transaction number than the server. */
  private static long refusals(ZkProcesses ensemble) throws IOException {
    long all = 0;
    for (int server = 0; server < SERVERS; server++) {
      try (Stream<String> lines = Files.lines(ensemble.log(server), StandardCharsets.ISO_8859_1)) {
        all += lines
            .filter(line -> line.contains("client must try another server"))
            .count();
      }
    }
    return all;
  }
}
