package io.zookit.core;

import static io.zookit.core.SessionState.CONNECTED;
import static io.zookit.core.SessionState.LOST;
import static io.zookit.core.SessionState.SUSPECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The views of the session that users receive. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class SessionViewIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<SessionState> states = Collections.synchronizedList(new ArrayList<>());
  private final List<String> observed = Collections.synchronizedList(new ArrayList<>());
  private FaultProxy proxy;

  @BeforeEach
  void open() {
    proxy = FaultProxy.to(zooKeeper.server());
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void onSession_connectionBreaksAndComesBack_suspectThenConnectedInTheSameSession() {
    try (ZkClient client = connect(builder())) {
      Sessioned before = Sessioned.of(client);
      proxy.cut();
      await().until(() -> states.size() == 3);
      assertThat(states).containsExactly(CONNECTED, SUSPECT, CONNECTED);
      assertThat(Sessioned.of(client)).isEqualTo(before);
      assertThat(client.session().state()).isEqualTo(CONNECTED);
      await().until(() -> observed.size() == 3);
      assertThat(observed).containsExactly("established", "suspect", "reconnected");
    }
  }

  @Test
  void onSession_whileDisconnected_isSuspectWithNothingRemaining() {
    try (ZkClient client = connect(builder())) {
      proxy.blackHole();
      proxy.cut();
      await().until(() -> states.contains(SUSPECT));
      SessionView view = client.session();
      assertThat(view.state()).isEqualTo(SUSPECT);
      assertThat(view.remaining()).isZero();
      assertThat(view.timeout()).isEqualTo(Duration.ofSeconds(15));
      proxy.heal();
      await().until(() -> client.session().state() == CONNECTED);
    }
  }

  @Test
  void onSession_expiredOnTheServer_lostThenConnectedInANewSession() throws Exception {
    try (ZkClient client = connect(builder())) {
      Sessioned before = Sessioned.of(client);
      Sessions.expireOnServer(before.zooKeeper(), zooKeeper.connectString());
      await().until(() -> states.size() == 4);
      assertThat(states).containsExactly(CONNECTED, SUSPECT, LOST, CONNECTED);
      assertThat(Sessioned.of(client)).isNotEqualTo(before);
      await().until(() -> observed.size() == 4);
      assertThat(observed).containsExactly("established", "suspect", "lost", "established");
    }
  }

  /** That the library calls a session expired is not the word of a server. */
  @Test
  void onSession_expiredByTheLibraryAlone_connectedAgainInTheSameSession() throws Exception {
    try (ZkClient client = connect(builder())) {
      Sessioned before = Sessioned.of(client);
      Sessions.expireOnClient(before.zooKeeper());
      await().until(() -> states.size() == 3);
      assertThat(states).containsExactly(CONNECTED, SUSPECT, CONNECTED);
      assertThat(Sessioned.of(client)).isEqualTo(before);
      client.awaitConnected(LONG);
    }
  }

  @Test
  @Tag("full")
  void onSession_serverDownLongerThanTheSession_lostThenConnected() {
    try (ZkServer server = ZkServer.start();
        ZkClient client = connect(
            ZkClient.builder(server.connectString()).sessionTimeout(Duration.ofSeconds(1)))) {
      assertThat(client.session().timeout()).isEqualTo(Duration.ofSeconds(1));
      server.stop();
      await().until(() -> states.contains(LOST));
      assertThat(client.session().state()).isNotEqualTo(CONNECTED);
      server.restart();
      await().until(() -> states.size() == 4);
      assertThat(states).containsExactly(CONNECTED, SUSPECT, LOST, CONNECTED);
    }
  }

  @Test
  void session_silentConnection_remainingCountsDownToSuspectByTheDeadlineAlone() {
    ManualTimekeeper time = new ManualTimekeeper();
    try (ZkClient client =
        connect(builder().timekeeper(time).sessionTimeout(Duration.ofSeconds(30)))) {
      await().until(() -> client.session().remaining().equals(Duration.ofSeconds(30)));
      proxy.delayRequests(Duration.ofHours(1));

      time.advance(Duration.ofSeconds(10));
      assertThat(client.session())
          .isEqualTo(new SessionView(CONNECTED, Duration.ofSeconds(20), Duration.ofSeconds(30)));
      time.advance(Duration.ofSeconds(20).minusNanos(1));
      assertThat(client.session().remaining()).isEqualTo(Duration.ofNanos(1));
      time.advance(Duration.ofNanos(1));
      assertThat(client.session())
          .isEqualTo(new SessionView(SUSPECT, Duration.ZERO, Duration.ofSeconds(30)));
    }
  }

  @Test
  void session_silenceEnds_reconnectedIsToldOnceHoweverManyHeartbeatsAreAnswered() {
    ManualTimekeeper time = new ManualTimekeeper();
    try (ZkClient client =
        connect(builder().timekeeper(time).sessionTimeout(Duration.ofSeconds(30)))) {
      await().until(() -> client.session().remaining().equals(Duration.ofSeconds(30)));
      proxy.delayRequests(Duration.ofHours(1));
      for (int i = 0; i < 8; i++) {
        beat(time, Duration.ofMillis(7500));
      }
      await().until(() -> states.contains(SUSPECT));
      proxy.heal();
      beat(time, Duration.ofMillis(7500));
      await().until(() -> client.session().state() == CONNECTED);
      Sessioned.of(client).roundTrip();
      await().until(() -> observed.size() == 3);
      assertThat(states).containsExactly(CONNECTED, SUSPECT, CONNECTED);
      assertThat(observed).containsExactly("established", "suspect", "reconnected");
    }
  }

  @Test
  void session_watchEventWithoutAnyAnswer_doesNotMoveTheDeadline() throws Exception {
    ManualTimekeeper time = new ManualTimekeeper();
    String root = zooKeeper.freshRoot();
    try (ZkClient client = connect(ZkClient.builder(proxy.connectString())
            .root(root)
            .timekeeper(time)
            .sessionTimeout(Duration.ofSeconds(30)));
        ZkClient other = ZkClient.builder(zooKeeper.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .root(root)
            .connect()) {
      CountDownLatch heard = new CountDownLatch(1);
      Sessioned.of(client).watchRoot(heard::countDown);
      time.advance(Duration.ofSeconds(5));
      Duration remaining = client.session().remaining();
      assertThat(remaining).isLessThan(Duration.ofSeconds(30));
      proxy.delayRequests(Duration.ofHours(1));
      ZooKeeper writer = Sessioned.of(other).zooKeeper();
      writer.setData(root, new byte[] {1}, -1);
      heard.await();
      assertThat(client.session().remaining()).isEqualTo(remaining);
      time.advance(remaining);
      assertThat(client.session().state()).isEqualTo(SUSPECT);
    }
  }

  @Test
  void session_processWasStopped_isSuspectFromTheFirstInstructionOn() {
    ShiftedTime time = new ShiftedTime();
    try (ZkClient client = connect(builder().timekeeper(time))) {
      Sessioned session = Sessioned.of(client);
      for (int i = 0; i < 100; i++) {
        assertThat(session.isSafe()).isTrue();
        time.pause(Duration.ofSeconds(16));
        assertThat(session.isSafe()).isFalse();
        assertThat(client.session().state()).isEqualTo(SUSPECT);
        session.roundTrip(); // answered: the session was not over after all
      }
    }
  }

  @Test
  void session_heartbeats_keepAnIdleClientConnected() {
    ManualTimekeeper time = new ManualTimekeeper();
    try (ZkClient client = connect(builder().timekeeper(time))) {
      for (int i = 0; i < 6; i++) {
        beat(time, Duration.ofMillis(3750));
        await().until(() -> client.session().remaining().equals(Duration.ofSeconds(15)));
      }
      assertThat(states).containsExactly(CONNECTED);
    }
  }

  @Test
  @Tag("full")
  void session_serverGrantsLessAfterARestart_isBelieved(@TempDir java.nio.file.Path data) {
    ZkServer first = ZkServer.start(Map.of("dataDir", data.toString()));
    Map<String, String> strict = Map.of(
        "dataDir", data.toString(),
        "clientPort", String.valueOf(first.port()),
        "maxSessionTimeout", "4000");
    try (ZkClient client = connect(ZkClient.builder(first.connectString()))) {
      Sessioned before = Sessioned.of(client);
      assertThat(client.session().timeout()).isEqualTo(Duration.ofSeconds(15));
      first.close();
      try (ZkServer second = ZkServer.start(strict)) {
        assertThat(second.isRunning()).isTrue();
        await().atMost(LONG).until(() -> states.size() == 3);
        assertThat(Sessioned.of(client)).isEqualTo(before);
        assertThat(client.session().timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(client.session().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(4));
      }
    }
  }

  @Test
  void onSession_somebodyMakesTheNodeOfTheTap_theConnectionIsStillHeardOf() throws Exception {
    String root = zooKeeper.freshRoot();
    try (ZkClient client = connect(ZkClient.builder(proxy.connectString()).root(root));
        ZkClient other = ZkClient.builder(zooKeeper.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .root(root)
            .connect()) {
      ZooKeeper operator = Sessioned.of(other).zooKeeper();
      for (int i = 0; i < 3; i++) {
        operator.create(
            root + "/~suspect", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        operator.delete(root + "/~suspect", -1);
      }
      Sessioned.of(client).roundTrip();
      proxy.cut();
      await().until(() -> states.size() == 3);
      assertThat(states).containsExactly(CONNECTED, SUSPECT, CONNECTED);
    }
  }

  @Test
  void onSession_added_isToldTheViewOfThatMomentOnceAndNothingAfterItsClose() throws Exception {
    try (ZkClient client = builder().connect()) {
      List<SessionState> told = Collections.synchronizedList(new ArrayList<>());
      Subscription subscription = client.onSession(view -> told.add(view.state()));
      Sessioned.of(client).roundTrip();
      await().until(() -> !told.isEmpty());
      subscription.close();
      subscription.close();
      Reconnect.force(client, proxy);
      assertThat(told).containsExactly(CONNECTED);
    }
  }

  @Test
  void onSession_closedWhileItsTurnWaits_isNotCalledAnyMore() throws Exception {
    try (ZkClient client = builder().connect()) {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      List<SessionState> told = Collections.synchronizedList(new ArrayList<>());
      Subscription subscription = client.onSession(view -> {
        told.add(view.state());
        inside.countDown();
        awaitQuietly(goOn);
      });
      inside.await();
      Reconnect.force(client, proxy);
      subscription.close();
      goOn.countDown();
      client.close();
      assertThat(told).containsExactly(CONNECTED);
    }
  }

  @Test
  void onSession_listenersThatThrowOrBlock_hurtNobodyElse() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (ZkClient client = connect(builder())) {
      client.onSession(view -> {
        throw new IllegalStateException("on purpose");
      });
      client.onSession(view -> awaitQuietly(goOn));
      proxy.cut();
      await().until(() -> states.size() == 3);
      Sessioned.of(client).roundTrip();
      goOn.countDown();
    }
  }

  @Test
  void onSession_observerAndMetersThatThrow_changeNothing() throws Exception {
    ClientObserver observer = new ClientObserver() {
      @Override
      public void onSessionEstablished(Duration timeout) {
        throw new IllegalStateException("observer, on purpose");
      }

      @Override
      public void onReconnected() {
        observed.add("reconnected");
      }
    };
    try (ZkClient client =
        builder().observer(observer).meters(new BrokenMeters()).connect()) {
      proxy.cut();
      await().until(() -> observed.contains("reconnected"));
      client.meters().count("zookit.anything", 1);
      client.meters().time("zookit.anything", 1);
      client.meters().gauge("zookit.anything", () -> 1).close();
      client.awaitConnected(LONG);
    }
  }

  @Test
  void onSession_internalListenerThrows_othersAreToldAndTheHeartGoesOnBeating() {
    ManualTimekeeper time = new ManualTimekeeper();
    try (ZkClient client = builder().timekeeper(time).connect()) {
      Sessioned.of(client).addFailingListener();
      client.onSession(view -> states.add(view.state()));
      proxy.cut();
      await().until(() -> states.size() == 3);
      for (int i = 0; i < 5; i++) {
        beat(time, Duration.ofMillis(3750));
        await().until(() -> client.session().remaining().equals(Duration.ofSeconds(15)));
      }
    }
  }

  @Test
  void close_connected_listenersHearOfTheLossBeforeItReturns() {
    ZkClient client = connect(builder());
    await().until(() -> states.size() == 1);
    client.close();
    assertThat(states).containsExactly(CONNECTED, LOST);
    assertThat(client.session()).isEqualTo(new SessionView(LOST, Duration.ZERO, Duration.ZERO));
    client.onSession(view -> states.add(view.state()));
    assertThat(states).endsWith(LOST);
  }

  /** Lets the next heartbeat come; it is planned on the loop, after the one before. */
  private static void beat(ManualTimekeeper time, Duration quarter) {
    await().until(() -> time.pending() > 0);
    time.advance(quarter);
  }

  private ZkClientBuilder builder() {
    return ZkClient.builder(proxy.connectString()).root(zooKeeper.freshRoot());
  }

  /** Connects and writes down every state and every transition. */
  private ZkClient connect(ZkClientBuilder builder) {
    ZkClient client = builder
        .observer(new ClientObserver() {
          @Override
          public void onSessionEstablished(Duration timeout) {
            observed.add("established");
          }

          @Override
          public void onSuspect(String reason) {
            observed.add("suspect");
          }

          @Override
          public void onReconnected() {
            observed.add("reconnected");
          }

          @Override
          public void onSessionLost(String reason) {
            observed.add("lost");
          }
        })
        .connect();
    client.onSession(view -> states.add(view.state()));
    return client;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
