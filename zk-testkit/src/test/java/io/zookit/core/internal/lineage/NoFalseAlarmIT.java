package io.zookit.core.internal.lineage;

import static io.zookit.core.internal.lineage.LineageFixture.LONG;
import static io.zookit.core.internal.lineage.LineageFixture.awaitTrust;
import static io.zookit.core.internal.lineage.LineageFixture.awaitVersion;
import static io.zookit.core.internal.lineage.LineageFixture.createNodes;
import static io.zookit.core.internal.lineage.LineageFixture.read;
import static io.zookit.core.internal.lineage.LineageFixture.write;
import static io.zookit.core.internal.lineage.LineageFixture.writeUpTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.ShiftedTime;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkProcesses;
import io.zookit.testkit.ZkProcessesBuilder;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that answer old data and clients that come back late, although nothing was restored. */
@Timeout(600)
class NoFalseAlarmIT {

  private static final String ROOT = "/r";
  private static final int ATTEMPTS = 8;

  private final LineageFixture clients = new LineageFixture();

  @AfterEach
  void closeAll() {
    clients.close();
  }

  @Test
  @Tag("nightly")
  void fiveRestartsInTurn_areNoAlarm() throws Exception {
    restartInTurn(5);
  }

  @Test
  @Timeout(3600)
  @Tag("nightly")
  void fiftyRestartsInTurn_areNoAlarm() throws Exception {
    restartInTurn(50);
  }

  private void restartInTurn(int restarts) throws Exception {
    try (ZkProcesses ensemble = ZkProcesses.start(3)) {
      Inside living = connect(ensemble.connectString(), Duration.ofSeconds(30));
      int version = read(living).here().version();
      long elections = ensemble.elections();
      for (int restart = 0; restart < restarts; restart++) {
        // every other time the leader, and so an epoch of its own
        int server = restart % 2 == 0
            ? ensemble.awaitLeader(LONG).orElseThrow()
            : (restart / 2) % ensemble.size();
        ensemble.stop(server);
        ensemble.restart(server);
        assertThat(ensemble.awaitServing(LONG)).isTrue();
        awaitTrust(living);
        Lineage now = read(living);
        version = now.here().version();
        write(living, now.next("r" + version));
        awaitVersion(living, version + 1);
      }
      assertThat(ensemble.elections() - elections)
          .as("changes of leaders")
          .isGreaterThanOrEqualTo(restarts / 2);
      assertNoAlarm(living);
      awaitTrust(connect(ensemble.connectString(), Duration.ofSeconds(30)));
      assertNoAlarm(living);
    }
  }

  @Test
  @Tag("nightly")
  void followerFiveSecondsBehind_isNoAlarm() throws Exception {
    readFromAServerThatLags(ZkProcesses.servers(3), Duration.ofSeconds(5));
  }

  @Test
  @Tag("nightly")
  void followerThirtySecondsBehind_isNoAlarm() throws Exception {
    readFromAServerThatLags(ZkProcesses.servers(3), Duration.ofSeconds(30));
  }

  @Test
  @Tag("nightly")
  void observerFiveSecondsBehind_isNoAlarm() throws Exception {
    readFromAServerThatLags(ZkProcesses.servers(3).observers(1), Duration.ofSeconds(5));
  }

  /**
   * A client whose memory is newer than its server reads from it. The server stands still while the others go on; the
   * reads that wait for it are answered before it has caught up, if it was fast enough.
   */
  private void readFromAServerThatLags(ZkProcessesBuilder settings, Duration lag) throws Exception {
    try (ZkProcesses ensemble = settings.zooCfg("syncLimit", "240").start()) {
      int leader = ensemble.awaitLeader(LONG).orElseThrow();
      int lagging = leader == 2 ? 1 : 2; // the last is the observer, if there is one
      Inside writer = connect(ensemble.connectString(leader), Duration.ofSeconds(1));
      Inside reader = connect(ensemble.connectString(lagging), Duration.ofMinutes(4));
      createNodes(writer, 1);
      boolean landed = false;
      for (int attempt = 0; !landed && attempt < ATTEMPTS; attempt++) {
        ensemble.pause(lagging);
        goOn(writer, lag);
        StaleReads reads = new StaleReads(reader, writer);
        ensemble.resume(lagging);
        landed = reads.landed();
        awaitVersion(reader, read(writer).here().version());
        assertNoAlarm(reader);
      }
      assertThat(landed).as("an old version was read and compared").isTrue();
      assertNoAlarm(writer);
    }
  }

  /** The leader stands still until another one leads; then it answers reads before it notices. */
  @Test
  @Tag("nightly")
  void deposedLeaderThatAnswersReads_isNoAlarm() throws Exception {
    // half a tick is how long a leader takes to see that no server follows it
    try (ZkProcesses ensemble = ZkProcesses.servers(3)
        .zooCfg("tickTime", "1000")
        .zooCfg("syncLimit", "3")
        .start()) {
      boolean landed = false;
      for (int attempt = 0; !landed && attempt < ATTEMPTS; attempt++) {
        int deposed = ensemble.awaitLeader(LONG).orElseThrow();
        Inside reader = connect(ensemble.connectString(deposed), Duration.ofMinutes(4));
        read(reader);
        ensemble.pause(deposed);
        int leader = ensemble.awaitLeader(LONG).orElseThrow();
        assertThat(leader).isNotEqualTo(deposed);
        Inside writer = connect(ensemble.connectString(leader), Duration.ofSeconds(2));
        goOn(writer, Duration.ZERO);
        StaleReads reads = new StaleReads(reader, writer);
        ensemble.resume(deposed);
        landed = reads.landed();
        assertThat(ensemble.awaitServing(LONG)).isTrue();
        awaitVersion(reader, read(writer).here().version());
        assertNoAlarm(reader);
      }
      assertThat(landed).as("an old version was read and compared").isTrue();
    }
  }

  /** A clock that went on for three hours, while others wrote once a minute. */
  @Test
  @Tag("nightly")
  void clientAwayForThreeHours_isNoAlarm() throws Exception {
    ShiftedTime clock = new ShiftedTime();
    try (ZkServer server = ZkServer.start();
        FaultProxy proxy = FaultProxy.to(server)) {
      Inside other = connect(server.connectString(), Duration.ofSeconds(1));
      Inside away = clients.connect(ZkClient.builder(proxy.connectString())
          .root(ROOT)
          .timekeeper(clock)
          .sessionTimeout(Duration.ofSeconds(2)));
      int before = read(away).here().version();
      String kept = away.client.memory();
      Reconnect.breakOff(away.client, proxy);
      clock.pause(Duration.ofHours(3));
      writeUpTo(other, before + 180, "t");
      await().atMost(LONG).until(() -> away.client.session().state() == SessionState.LOST);
      proxy.heal();
      await().atMost(LONG).until(() -> away.client.session().state() == SessionState.CONNECTED);
      await()
          .atMost(LONG)
          .until(() -> away.client.lineage().orElseThrow().version() >= before + 180);
      assertNoAlarm(away);

      Inside restarted = connect(server.connectString(), Duration.ofSeconds(1));
      CompletableFuture<Boolean> compared = new CompletableFuture<>();
      restarted.doOnLoop(() -> restarted.client.recall(kept, () -> compared.complete(true)));
      assertThat(Inside.get(compared)).isTrue();
      assertNoAlarm(restarted);
    }
  }

  /** Some versions, and enough other transactions that a server needs time to catch up. */
  private static void goOn(Inside writer, Duration atLeast) {
    Timekeeper clock = Timekeeper.system();
    long start = clock.nanos();
    int goal = read(writer).here().version() + 5;
    writeUpTo(writer, goal, "g");
    await().atMost(LONG).until(() -> {
      createNodes(writer, 50);
      return clock.nanos() - start >= atLeast.toNanos();
    });
    awaitVersion(writer, goal);
  }

  private void assertNoAlarm(Inside inside) {
    awaitTrust(inside);
    assertThat(clients.alarms()).isEmpty();
    assertThat(inside.client.token(7, 0).incarnation()).isEqualTo(1);
  }

  private Inside connect(String connectString, Duration session) {
    return clients.connect(
        ZkClient.builder(connectString).root(ROOT).connectTimeout(LONG).sessionTimeout(session));
  }

  /** A comparison with a newer memory between two reads, all three on their way to a server that stands still. */
  private static final class StaleReads {

    private final CompletableFuture<Answer<SessionHandle.Node>> first = new CompletableFuture<>();
    private final CompletableFuture<Answer<SessionHandle.Node>> last = new CompletableFuture<>();
    private final CompletableFuture<Boolean> compared = new CompletableFuture<>();
    private final int newest;

    StaleReads(Inside reader, Inside writer) {
      String memory = writer.client.memory();
      newest = writer.client.lineage().orElseThrow().version();
      ZkPath path = LineageFixture.path(reader);
      SessionHandle handle = reader.handle();
      reader.doOnLoop(() -> {
        handle.getData(path, null, first::complete);
        reader.client.recall(memory, () -> compared.complete(true));
        handle.getData(path, null, last::complete);
      });
    }

    /** Returns whether the version that was compared was older than the memory. */
    boolean landed() {
      assertThat(Inside.get(compared)).isTrue();
      return isOld(Inside.get(first)) && isOld(Inside.get(last));
    }

    private boolean isOld(Answer<SessionHandle.Node> read) {
      return read.isOk() && LineageFixture.decode(read).here().version() < newest;
    }
  }
}
