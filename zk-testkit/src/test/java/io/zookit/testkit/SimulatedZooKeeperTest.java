package io.zookit.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.SessionState;
import io.zookit.core.SessionView;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The simulation as a user's test sees it, and each of its faults. */
class SimulatedZooKeeperTest {

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String PATH = "/a";

  private final SimulatedZooKeeper zk = SimulatedZooKeeper.seeded(7);

  @AfterEach
  void close() {
    zk.close();
  }

  private ZkClient connected(String label) {
    ZkClient client = zk.client(label);
    awaitConnected(client);
    return client;
  }

  private void awaitConnected(ZkClient client) {
    boolean connected = zk.runUntil(() -> client.session().state() == SessionState.CONNECTED, LONG);
    assertThat(connected).isTrue();
  }

  private static SessionHandle handle(ZkClient client) {
    return CoreClient.of(client).handle().orElseThrow();
  }

  private static CompletableFuture<Code> create(ZkClient client, String path, CreateMode mode) {
    CompletableFuture<Code> code = new CompletableFuture<>();
    handle(client)
        .create(
            new ZkPath(path),
            "data".getBytes(UTF_8),
            Ids.OPEN_ACL_UNSAFE,
            mode,
            answer -> code.complete(answer.code()));
    return code;
  }

  private void created(ZkClient client, String path, CreateMode mode) {
    assertThat(zk.await(create(client, path, mode), SOON)).isEqualTo(Code.OK);
  }

  private static CompletableFuture<Code> exists(ZkClient client, String path) {
    CompletableFuture<Code> code = new CompletableFuture<>();
    handle(client).exists(new ZkPath(path), null, answer -> code.complete(answer.code()));
    return code;
  }

  private static List<SessionState> states(ZkClient client) {
    List<SessionState> states = new ArrayList<>();
    client.onSession(view -> states.add(view.state()));
    return states;
  }

  // Time.

  @Test
  void client_beforeTimePasses_isNotConnected_andIsSoon() {
    ZkClient client = zk.client("a", Duration.ofSeconds(6));
    assertThat(client.session().state()).isEqualTo(SessionState.LOST);
    zk.run(SOON);
    SessionView view = client.session();
    assertThat(view.state()).isEqualTo(SessionState.CONNECTED);
    assertThat(view.timeout()).isEqualTo(Duration.ofSeconds(6));
    assertThat(view.remaining()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
    assertThat(client.root()).isEqualTo("/zookit");
  }

  @Test
  void run_aSpan_letsJustThatSpanPass() {
    List<Duration> moments = new ArrayList<>();
    zk.after(Duration.ofSeconds(2), () -> moments.add(zk.elapsed()));
    zk.after(Duration.ofSeconds(3), () -> moments.add(zk.elapsed())).close();
    zk.run(Duration.ofSeconds(4));
    assertThat(moments).containsExactly(Duration.ofSeconds(2));
    assertThat(zk.elapsed()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void runUntil_conditionThatNeverHolds_endsWithItsTime() {
    connected("a");
    Duration before = zk.elapsed();
    assertThat(zk.runUntil(() -> false, LONG)).isFalse();
    assertThat(zk.elapsed()).isEqualTo(before.plus(LONG));
  }

  @Test
  void await_futureThatFailsOrIsLate_saysSo() {
    CompletableFuture<String> future = new CompletableFuture<>();
    assertThatThrownBy(() -> zk.await(future, SOON)).isInstanceOf(ZkTimeoutException.class);
    zk.after(SOON, () -> future.completeExceptionally(new IllegalStateException("expected")));
    assertThatThrownBy(() -> zk.await(future, LONG))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  /** Nested, the order of events would be another one than without. */
  @Test
  void run_insideAnEvent_isRefused() {
    zk.after(SOON, () -> zk.run(SOON));
    assertThatThrownBy(() -> zk.run(LONG)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void awaitConnected_whileTheServersAreDown_timesOutInVirtualTime() throws Exception {
    zk.restart(LONG);
    ZkClient client = zk.client("a");
    assertThatThrownBy(() -> client.awaitConnected(SOON)).isInstanceOf(ZkTimeoutException.class);
    assertThat(zk.elapsed()).isGreaterThanOrEqualTo(SOON).isLessThan(LONG);
    client.awaitConnected(LONG);
  }

  @Test
  void shiftWallClock_movesThatOfOneClient() {
    ZkClient early = zk.client("a");
    ZkClient right = zk.client("b");
    zk.shiftWallClock(early, Duration.ofHours(-1));
    assertThat(early.timekeeper().now()).isEqualTo(zk.now().minusSeconds(3600));
    assertThat(right.timekeeper().now()).isEqualTo(zk.now());
  }

  // Faults.

  @Test
  void loseNextRequest_nothingBecomesOfIt() {
    ZkClient client = connected("a");
    zk.loseNextRequest(client);
    assertThat(zk.await(create(client, PATH, CreateMode.PERSISTENT), SOON))
        .isEqualTo(Code.CONNECTIONLOSS);
    awaitConnected(client);
    assertThat(zk.data(PATH)).isEmpty();
    created(client, PATH, CreateMode.PERSISTENT);
  }

  @Test
  void loseNextAnswer_theRequestIsServed() {
    ZkClient client = connected("a");
    zk.loseNextAnswer(client);
    assertThat(zk.await(create(client, PATH, CreateMode.PERSISTENT), SOON))
        .isEqualTo(Code.CONNECTIONLOSS);
    assertThat(zk.data(PATH)).hasValue("data".getBytes(UTF_8));
  }

  @Test
  void loseAtRandom_always_noRequestIsAnswered_untilItEnds() {
    ZkClient client = connected("a");
    zk.loseAtRandom(1, 0);
    assertThat(zk.await(exists(client, "/"), SOON)).isEqualTo(Code.CONNECTIONLOSS);
    zk.loseAtRandom(0, 0);
    awaitConnected(client);
    assertThat(zk.await(exists(client, "/"), SOON)).isEqualTo(Code.OK);
  }

  @Test
  void disconnect_shorterThanTheSession_keepsItsNodes() {
    ZkClient client = connected("a");
    created(client, PATH, CreateMode.EPHEMERAL);
    List<SessionState> states = states(client);
    zk.disconnect(client, SOON);
    zk.run(LONG);
    assertThat(states)
        .containsExactly(SessionState.CONNECTED, SessionState.SUSPECT, SessionState.CONNECTED);
    assertThat(zk.children("/")).contains("a");
  }

  @Test
  void disconnect_longerThanTheSession_isALoss() {
    ZkClient client = connected("a");
    created(client, PATH, CreateMode.EPHEMERAL);
    List<SessionState> states = states(client);
    zk.disconnect(client, Duration.ofSeconds(16));
    zk.run(LONG);
    assertThat(states)
        .containsExactly(
            SessionState.CONNECTED,
            SessionState.SUSPECT,
            SessionState.LOST,
            SessionState.CONNECTED);
    assertThat(zk.children("/")).doesNotContain("a");
  }

  /** The second would otherwise end with the first. */
  @Test
  void disconnect_twiceOverlapping_lastsUntilBothAreOver() {
    ZkClient client = connected("a");
    zk.disconnect(client, Duration.ofSeconds(3));
    zk.disconnect(client, Duration.ofSeconds(10));
    zk.run(Duration.ofSeconds(9));
    assertThat(client.session().state()).isEqualTo(SessionState.SUSPECT);
    zk.run(SOON);
    assertThat(client.session().state()).isEqualTo(SessionState.CONNECTED);
  }

  @Test
  void expireSession_removesItsNodes_andAnotherSessionFollows() {
    ZkClient client = connected("a");
    created(client, PATH, CreateMode.EPHEMERAL);
    List<SessionState> states = states(client);
    zk.expireSession(client);
    zk.run(SOON);
    assertThat(zk.data(PATH)).isEmpty();
    assertThat(states)
        .contains(SessionState.LOST)
        .endsWith(SessionState.CONNECTED)
        .startsWith(SessionState.CONNECTED);
  }

  @Test
  void freeze_nothingRunsMeanwhile_andTheSessionEndsAtTheServers() {
    ZkClient client = connected("a");
    created(client, PATH, CreateMode.EPHEMERAL);
    List<Duration> ran = new ArrayList<>();
    Duration before = zk.elapsed();
    zk.freeze(client, Duration.ofSeconds(40));
    client.timekeeper().after(SOON, () -> ran.add(zk.elapsed().minus(before)));
    zk.run(Duration.ofSeconds(30));
    assertThat(ran).isEmpty();
    assertThat(zk.data(PATH)).isEmpty();
    zk.run(LONG);
    assertThat(ran).containsExactly(Duration.ofSeconds(40));
  }

  @Test
  void kill_endsTheSessionAndRunsNothingAnyMore() {
    ZkClient client = connected("a");
    created(client, PATH, CreateMode.EPHEMERAL);
    client.timekeeper().after(SOON, () -> {
      throw new AssertionError("a dead process runs");
    });
    zk.kill(client);
    assertThat(zk.runUntil(() -> zk.data(PATH).isEmpty(), LONG)).isTrue();
    zk.run(LONG);
  }

  @Test
  void lagServerOf_readsAreOldUntilItEnds() {
    ZkClient reader = connected("reader");
    ZkClient writer = connectedElsewhere(reader);
    zk.lagServerOf(reader, SOON);
    created(writer, PATH, CreateMode.PERSISTENT);
    assertThat(zk.await(exists(reader, PATH), SOON)).isEqualTo(Code.NONODE);
    zk.run(SOON);
    assertThat(zk.await(exists(reader, PATH), SOON)).isEqualTo(Code.OK);
  }

  /** A client whose writes are answered although the other's server lags. */
  private ZkClient connectedElsewhere(ZkClient other) {
    for (int i = 0; i < 20; i++) {
      ZkClient client = connected("writer " + i);
      zk.lagServerOf(other, Duration.ofSeconds(2));
      boolean elsewhere = zk.runUntil(
          create(client, "/probe" + i, CreateMode.PERSISTENT)::isDone, Duration.ofSeconds(1));
      zk.run(SOON);
      if (elsewhere) {
        return client;
      }
    }
    throw new AssertionError("all clients are at one server");
  }

  @Test
  void restart_keepsDataAndSessions() {
    ZkClient client = connected("a");
    created(client, PATH, CreateMode.EPHEMERAL);
    List<SessionState> states = states(client);
    zk.restart(Duration.ofSeconds(3));
    zk.run(LONG);
    assertThat(zk.data(PATH)).isPresent();
    assertThat(states).doesNotContain(SessionState.LOST).endsWith(SessionState.CONNECTED);
  }

  @Test
  void restore_putsTheCopyInPlace() {
    ZkClient client = connected("a");
    created(client, PATH, CreateMode.PERSISTENT);
    SimulatedZooKeeper.SimulatedBackup backup = zk.backup();
    created(client, "/b", CreateMode.PERSISTENT);
    zk.restore(backup, SOON);
    zk.run(LONG);
    assertThat(zk.children("/")).contains("a").doesNotContain("b");
  }

  @Test
  void remove_takesANodeAway() {
    created(connected("a"), PATH, CreateMode.PERSISTENT);
    zk.remove(PATH);
    assertThat(zk.data(PATH)).isEmpty();
    zk.remove(PATH);
  }

  @Test
  void close_endsAllSessions() {
    ZkClient client = connected("a");
    created(client, PATH, CreateMode.EPHEMERAL);
    zk.close();
    assertThat(zk.data(PATH)).isEmpty();
    assertThat(client.session().state()).isEqualTo(SessionState.LOST);
    Duration after = zk.elapsed();
    zk.close();
    assertThat(zk.elapsed()).isEqualTo(after);
  }

  // Determinism.

  @Test
  void twoRunsOfASeed_areTheSame_andThoseOfAnotherAreNot() {
    assertThat(history(3)).isEqualTo(history(3)).isNotEqualTo(history(4));
  }

  private static List<String> history(long seed) {
    List<String> history = new ArrayList<>();
    try (SimulatedZooKeeper zk = SimulatedZooKeeper.seeded(seed)) {
      zk.loseAtRandom(0.02, 0.02);
      for (int i = 0; i < 3; i++) {
        ZkClient client = zk.client("c" + i);
        String label = "c" + i;
        client.onSession(view -> history.add(zk.elapsed() + " " + label + " " + view));
        zk.after(Duration.ofSeconds(10 + i), () -> zk.disconnect(client, SOON));
        zk.after(Duration.ofSeconds(20 + i), () -> zk.expireSession(client));
        zk.after(Duration.ofSeconds(30 + i), () -> zk.freeze(client, Duration.ofSeconds(20)));
      }
      zk.after(Duration.ofSeconds(60), () -> zk.restart(SOON));
      zk.run(Duration.ofMinutes(2));
    }
    assertThat(history).hasSizeGreaterThan(20);
    return history;
  }

  // Arguments.

  @Test
  void arguments_outsideTheirRange_areRefusedWithTheRange() {
    ZkClient client = zk.client("a");
    assertThatThrownBy(() -> zk.client("b", Duration.ZERO))
        .hasMessage("sessionTimeout: PT0S (expected: more than zero)");
    assertThatThrownBy(() -> zk.loseAtRandom(0, 1.5)).hasMessage("answers: 1.5 (expected: 0 to 1)");
    assertThatThrownBy(() -> zk.freeze(client, SOON.negated()))
        .hasMessage("span: PT-5S (expected: zero or more)");
    try (SimulatedZooKeeper other = SimulatedZooKeeper.seeded(1)) {
      ZkClient foreign = other.client("foreign");
      assertThatThrownBy(() -> zk.kill(foreign)).hasMessageContaining("one of this simulation");
      assertThatThrownBy(() -> zk.restore(other.backup(), SOON))
          .hasMessage("backup: of another simulation");
    }
  }
}
