package io.zookit.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Meters;
import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.node.NodeWatches;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Sessions of clients that open their connection themselves, when the client library gives a handle up. They have a timeout
 * of two minutes unless a test says otherwise, so what happens within a test does not happen by a timeout.
 */
@Tag("full")
@Timeout(150)
class KeptSessionIT {

  private static final Duration SESSION = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private FaultProxy proxy;
  private String root;

  @BeforeEach
  void open() {
    proxy = FaultProxy.to(zooKeeper.server());
    root = zooKeeper.freshRoot();
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void libraryGivesUp_sessionAndItsNodesLiveOn() {
    try (Inside inside = connect(proxy.connectString(), SESSION)) {
      create(inside, "mine", CreateMode.EPHEMERAL);
      WireHandle handle = inside.handle();
      ZooKeeper first = giveUp(inside);
      awaitNext(inside, first);
      assertThat(inside.handle()).isSameAs(handle);
      assertThat(handle.isOver()).isFalse();
      assertThat(first.getState().isAlive()).isFalse();
      assertThat(ephemerals()).containsExactly(root + "/mine");
      awaitTold("connected", "suspect", "connected");
    }
  }

  @Test
  void libraryGivesUp_watchIsSetAgain() {
    try (Inside inside = connect(proxy.connectString(), SESSION)) {
      create(inside, "watched", CreateMode.PERSISTENT);
      CompletableFuture<EventType> event = watch(inside, "watched");
      awaitNext(inside, giveUp(inside));
      assertThat(event).isNotDone();
      write(inside, "watched");
      assertThat(Inside.get(event)).isEqualTo(EventType.NodeDataChanged);
    }
  }

  @Test
  void libraryGivesUp_changeWhileDisconnectedIsReported() throws Exception {
    try (Inside inside = connect(proxy.connectString(), SESSION);
        Inside other = connect(zooKeeper.connectString(), SESSION)) {
      create(inside, "watched", CreateMode.PERSISTENT);
      CompletableFuture<EventType> event = watch(inside, "watched");
      Reconnect.breakOff(inside.client, proxy);
      ZooKeeper first = giveUp(inside);
      write(other, "watched");
      proxy.heal();
      assertThat(Inside.get(event)).isEqualTo(EventType.NodeDataChanged);
      assertThat(inside.zooKeeper()).isNotSameAs(first);
    }
  }

  @Test
  void libraryGivesUp_whatIsToBeDeletedIsDeletedFirst() {
    try (Inside inside = connect(proxy.connectString(), SESSION)) {
      create(inside, "mine", CreateMode.EPHEMERAL);
      create(inside, "kept", CreateMode.EPHEMERAL);
      WireHandle handle = inside.handle();
      Reconnect.breakOff(inside.client, proxy);
      giveUp(inside);
      CompletableFuture<Void> gone =
          inside.onLoop(() -> inside.client.debt().delete(handle, inside.path("mine")));
      CompletableFuture<List<String>> seen = new CompletableFuture<>();
      inside.client.onSessions(new OnConnected(() -> seen.complete(ephemerals())));
      proxy.heal();
      assertThat(Inside.get(seen)).containsExactly(root + "/kept");
      Inside.get(gone);
      assertThat(inside.handle()).isSameAs(handle);
    }
  }

  @Test
  void libraryGivesUp_serverEndsTheSessionMeanwhile_isLostAndANewOneFollows() {
    try (Inside inside = connect(proxy.connectString(), SESSION)) {
      create(inside, "mine", CreateMode.EPHEMERAL);
      WireHandle handle = inside.handle();
      Reconnect.breakOff(inside.client, proxy);
      giveUp(inside);
      zooKeeper.server().expire(handle.sessionId());
      assertThat(handle.isOver()).isFalse();
      proxy.heal();
      awaitConnected(inside);
      assertThat(handle.isOver()).isTrue();
      assertThat(inside.handle().sessionId()).isNotEqualTo(handle.sessionId());
      awaitTold("connected", "suspect", "lost", "connected");
      assertThat(ephemerals()).isEmpty();
    }
  }

  @Test
  void deadlinePassesWhileDisconnected_isToldOnceAndTheSessionGoesOn() {
    ManualTimekeeper time = new ManualTimekeeper();
    try (Inside inside = listening(Inside.connect(ZkClient.builder(proxy.connectString())
            .root(root)
            .timekeeper(time)
            .sessionTimeout(SESSION))
        .withRoot())) {
      WireHandle handle = inside.handle();
      Reconnect.breakOff(inside.client, proxy);
      await().atMost(PATIENCE).until(() -> told.contains("suspect"));
      time.advance(SESSION.minusSeconds(1));
      inside.doOnLoop(() -> assertThat(told).containsExactly("connected", "suspect"));
      await().atMost(PATIENCE).until(() -> {
        time.advance(Duration.ofSeconds(1));
        return told.contains("deadline");
      });
      assertThat(inside.client.session().state()).isEqualTo(SessionState.LOST);
      time.advance(SESSION);
      proxy.heal();
      awaitConnected(inside);
      awaitTold("connected", "suspect", "deadline", "connected");
      assertThat(inside.handle()).isSameAs(handle);
      assertThat(handle.isSafe()).isTrue();
    }
  }

  /** The listener is notified a moment after the handle is connected. */
  private void awaitTold(String... events) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).containsExactly(events));
  }

  /** The server takes the client for the other, until the client connects again. */
  @Test
  void sessionIsMovedToAnotherHandle_isMovedBack() throws Exception {
    try (Inside inside = connect(proxy.connectString(), SESSION)) {
      create(inside, "mine", CreateMode.EPHEMERAL);
      WireHandle handle = inside.handle();
      ZooKeeper mine = handle.zooKeeper();
      CountDownLatch moved = new CountDownLatch(1);
      ZooKeeper thief = new ZooKeeper(
          zooKeeper.connectString(),
          (int) SESSION.toMillis(),
          event -> {
            if (event.getState() == KeeperState.SyncConnected) {
              moved.countDown();
            }
          },
          mine.getSessionId(),
          mine.getSessionPasswd());
      moved.await();
      Sessions.expireOnClient(thief); // closes the connection alone
      await().atMost(PATIENCE).until(() -> {
        Answer<Boolean> answer =
            inside.ask(handle, (used, reply) -> used.sync(inside.client.rootPath(), reply));
        return answer.isOk();
      });
      awaitConnected(inside);
      assertThat(inside.handle()).isSameAs(handle);
      assertThat(ephemerals()).containsExactly(root + "/mine");
    }
  }

  @Test
  @Tag("full")
  void serverAwayForThreeTimeouts_sessionAndItsNodesLiveOn() {
    try (ZkServer server = ZkServer.start();
        Inside inside = connect(server.connectString(), Duration.ofSeconds(2))) {
      create(inside, "mine", CreateMode.EPHEMERAL);
      WireHandle handle = inside.handle();
      ZooKeeper first = handle.zooKeeper();
      server.stop();
      await().atMost(PATIENCE).until(() -> !first.getState().isAlive());
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ofSeconds(4))
          .until(() -> told.contains("deadline"));
      server.restart();
      awaitConnected(inside);
      assertThat(inside.handle()).isSameAs(handle);
      assertThat(inside.zooKeeper()).isNotSameAs(first);
      awaitTold("connected", "suspect", "deadline", "connected");
      assertThat(server.nodes(root)).filteredOn(ZkNode::ephemeral).hasSize(1);
    }
  }

  /** The data is older than all that the client has seen, so servers refuse every handle that remembers it. */
  @Test
  @Tag("full")
  void serverWasWiped_sessionIsLostAndANewOneFollows() throws Exception {
    try (ZkServer server = ZkServer.start();
        Inside inside = connect(server.connectString(), Duration.ofSeconds(2))) {
      create(inside, "mine", CreateMode.EPHEMERAL);
      WireHandle handle = inside.handle();
      server.stop();
      await().atMost(PATIENCE).until(() -> !handle.isConnected());
      wipe(server);
      server.restart();
      await().atMost(PATIENCE).until(handle::isOver);
      awaitConnected(inside);
      assertThat(server.nodes(root)).noneMatch(ZkNode::ephemeral);
    }
  }

  /** Nothing attaches to the session of a client that is closed. */
  @Test
  void close_libraryHasGivenUp_opensNothingAnyMore() {
    Inside inside = connect(proxy.connectString(), SESSION);
    create(inside, "mine", CreateMode.EPHEMERAL);
    Reconnect.breakOff(inside.client, proxy);
    giveUp(inside);
    WireHandle handle = inside.handle();
    inside.close();
    proxy.heal();
    await()
        .during(Duration.ofSeconds(2))
        .until(() -> !handle.zooKeeper().getState().isAlive() && ephemerals().size() == 1);
    zooKeeper.server().expire(handle.sessionId());
  }

  /** Lets the library give its handle up, without a word from a server; returns that handle. */
  private static ZooKeeper giveUp(Inside inside) {
    ZooKeeper given = inside.zooKeeper();
    Sessions.expireOnClient(given);
    return given;
  }

  private static void awaitNext(Inside inside, ZooKeeper before) {
    await().atMost(PATIENCE).until(() -> inside.zooKeeper() != before);
    awaitConnected(inside);
  }

  private static void awaitConnected(Inside inside) {
    await().atMost(PATIENCE).until(() -> inside.client.session().state() == SessionState.CONNECTED);
  }

  private CompletableFuture<EventType> watch(Inside inside, String name) {
    CompletableFuture<EventType> event = new CompletableFuture<>();
    CompletableFuture<Boolean> isSet = new CompletableFuture<>();
    WireHandle handle = inside.handle();
    inside.doOnLoop(() -> new NodeWatches(
            handle, inside.client.timekeeper(), inside.client.loop(), Meters.none())
        .watch(
            inside.path(name),
            (WatchedEvent heard) -> event.complete(heard.getType()),
            read -> isSet.complete(read.isOk())));
    assertThat(Inside.get(isSet)).isTrue();
    return event;
  }

  private static void create(Inside inside, String name, CreateMode mode) {
    Answer<SessionHandle.Created> made = inside.ask((handle, reply) -> handle.create(
        inside.path(name), new byte[0], inside.client.acl(inside.client.rootPath()), mode, reply));
    assertThat(made.isOk()).isTrue();
  }

  private static void write(Inside inside, String name) {
    byte[] data = "changed".getBytes(StandardCharsets.UTF_8);
    assertThat(inside
            .<org.apache.zookeeper.data.Stat>ask(
                (handle, reply) -> handle.setData(inside.path(name), data, -1, reply))
            .isOk())
        .isTrue();
  }

  private Inside connect(String address, Duration session) {
    return listening(Inside.connect(ZkClient.builder(address).root(root).sessionTimeout(session))
        .withRoot());
  }

  /** Writes down what the listeners of a client's sessions are notified of. */
  private Inside listening(Inside inside) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    inside.client.onSessions(new SessionListener() {
      @Override
      public void onConnected(SessionHandle handle) {
        told.add("connected");
        begun.complete(null);
      }

      @Override
      public void onSuspect(SessionHandle handle) {
        told.add("suspect");
      }

      @Override
      public void onDeadline(SessionHandle handle) {
        told.add("deadline");
      }

      @Override
      public void onLost(SessionHandle handle) {
        told.add("lost");
      }
    });
    Inside.get(begun);
    return inside;
  }

  private List<String> ephemerals() {
    return zooKeeper.server().nodes(root).stream()
        .filter(ZkNode::ephemeral)
        .map(ZkNode::path)
        .toList();
  }

  private static void wipe(ZkServer server) throws IOException {
    try (Stream<Path> files = Files.walk(server.dataDir())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Runs something at each connect. */
  private record OnConnected(Runnable action) implements SessionListener {

    @Override
    public void onConnected(SessionHandle handle) {
      action.run();
    }

    @Override
    public void onSuspect(SessionHandle handle) {}

    @Override
    public void onLost(SessionHandle handle) {}
  }
}
