package io.zookit.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.client.ServerAddresses;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions that Curator drops while no server has ended them. They have a timeout of two minutes, so what happens
 * within a test does not happen by a timeout.
 */
@Timeout(100)
class DroppedSessionIT {

  private static final int SESSION_MILLIS = 120_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("full")
  void newSession_theOneBeforeWasGivenUp_itsNodesAreGoneBeforeAnyListenerIsTold(boolean owned)
      throws Exception {
    CuratorFramework curator = curator(proxy.connectString());
    try (Inside inside = connect(curator, owned)) {
      create(inside, "mine");
      WireHandle before = inside.handle();
      assertThat(before.server()).endsWith(":" + proxy.port());
      CompletableFuture<List<String>> seen = ephemeralsAtNextConnect(inside, before);
      Reconnect.breakOff(inside.client, proxy);
      curator.getZookeeperClient().reset();
      proxy.heal();
      assertThat(Inside.get(seen)).isEmpty();
      assertThat(before.isOver()).isTrue();
      assertThat(before.isSafe()).isFalse();
    } finally {
      curator.close();
    }
  }

  @Test
  @Tag("full")
  void newSession_closeOfTheOneBeforeIsCutOff_isSentAgain() throws Exception {
    CuratorFramework curator = curator(proxy.connectString());
    try (Inside inside = connect(curator, true)) {
      create(inside, "mine");
      Reconnect.breakOff(inside.client, proxy);
      curator.getZookeeperClient().reset();
      proxy.heal();
      Fault cut = proxy.cutBefore(Op.CLOSE_SESSION, 1);
      assertThat(cut.await(PATIENCE)).isTrue();
      await().atMost(PATIENCE).until(() -> ephemerals().isEmpty());
    }
  }

  @Test
  @Tag("full")
  void newSession_theOneBeforeExpiresWhileItIsAttachedTo_isConnectedAllTheSame() throws Exception {
    CuratorFramework curator = curator(proxy.connectString());
    try (Inside inside = connect(curator, true)) {
      create(inside, "mine");
      long before = inside.handle().sessionId();
      Reconnect.breakOff(inside.client, proxy);
      curator.getZookeeperClient().reset();
      proxy.heal();
      Fault lost = proxy.blackHole(Op.CLOSE_SESSION, 1);
      assertThat(lost.await(PATIENCE)).isTrue();
      zooKeeper.server().expire(before);
      awaitConnected(inside);
      assertThat(ephemerals()).isEmpty();
    }
  }

  @Test
  void close_whileTheOldHandleStillConnects_endsTheSessionForIt() throws Exception {
    Word word = new Word();
    try (ZooKeeper old =
        new ZooKeeper(zooKeeper.server().connectString(), SESSION_MILLIS, word::hear)) {
      word.connected.await();
      connect(curator(proxy.connectString()), true).close(); // makes the root
      old.create(root + "/mine", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
      // The handle that was given up is closed, but there is one more that moves the session back.
      DroppedSession session = dropped(old);
      assertThat(closer(zooKeeper.server().connectString()).close(session, "")).isTrue();
      assertThat(ephemerals()).isEmpty();
      await().atMost(PATIENCE).until(() -> !old.getState().isAlive());
    }
  }

  @Test
  void close_handleThatWasGivenUpIsNotClosed_leavesTheSessionAlone() throws Exception {
    Word word = new Word();
    try (ZooKeeper alive =
        new ZooKeeper(zooKeeper.server().connectString(), SESSION_MILLIS, word::hear)) {
      word.connected.await();
      DroppedSession session = new DroppedSession(
          alive.getSessionId(), alive.getSessionPasswd().clone(), Duration.ofMillis(500), alive);
      assertThat(closer(zooKeeper.server().connectString()).close(session, "")).isFalse();
      assertThat(alive.exists("/", false)).isNotNull();
    }
  }

  @Test
  @Tag("full")
  void newSession_continuesTheOneBefore_isNotClosed() throws Exception {
    Continuing factory = new Continuing();
    CuratorFramework curator =
        builder(proxy.connectString()).zookeeperFactory(factory).build();
    try (Inside inside = connect(curator, true)) {
      create(inside, "mine");
      WireHandle before = inside.handle();
      CompletableFuture<List<String>> seen = ephemeralsAtNextConnect(inside, before);
      Reconnect.breakOff(inside.client, proxy);
      factory.continued.set(before.dropped());
      curator.getZookeeperClient().reset();
      proxy.heal();
      assertThat(Inside.get(seen)).containsExactly(root + "/mine");
      assertThat(inside.handle()).isNotSameAs(before);
      assertThat(inside.handle().sessionId()).isEqualTo(before.sessionId());
      assertThat(before.isOver()).isTrue();
      await().during(Duration.ofSeconds(1)).until(() -> ephemerals().size() == 1);
    }
  }

  @Test
  @Tag("full")
  void newSession_serverTakesNoSecondConnection_isUsedAllTheSame() throws Exception {
    try (ZkServer narrow = ZkServer.start(Map.of("maxClientCnxns", "1"))) {
      CuratorFramework curator = curator(narrow.connectString());
      try (Inside inside = connect(curator, true)) {
        WireHandle before = inside.handle();
        narrow.stop();
        await().atMost(PATIENCE).until(() -> !inside.handle().isConnected());
        curator.getZookeeperClient().reset();
        narrow.restart();
        await()
            .atMost(PATIENCE)
            .until(() -> inside.client.handle().filter(now -> now != before).isPresent());
        awaitConnected(inside);
      }
    }
  }

  /** The data is older than all that the client has seen, so servers refuse every handle that remembers it. */
  @Test
  @Tag("full")
  void newSession_serverWasRestoredWithoutTheOneBefore_isUsedAllTheSame() throws Exception {
    try (ZkServer restored = ZkServer.start()) {
      CuratorFramework curator = curator(restored.connectString());
      try (Inside inside = connect(curator, true)) {
        create(inside, "mine");
        WireHandle before = inside.handle();
        restored.stop();
        await().atMost(PATIENCE).until(() -> !before.isConnected());
        wipe(restored);
        curator.getZookeeperClient().reset();
        restored.restart();
        await()
            .atMost(PATIENCE)
            .until(() -> inside.client.handle().filter(now -> now != before).isPresent());
        awaitConnected(inside);
        assertThat(restored.nodes(root)).noneMatch(ZkNode::ephemeral);
      }
    }
  }

  private static void wipe(ZkServer server) throws IOException {
    try (Stream<Path> files = Files.walk(server.dataDir())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what it shows needs no handle
  void toString_neverShowsIdOrPassword() {
    DroppedSession session = new DroppedSession(4711, new byte[] {47, 11}, PATIENCE, null);
    assertThat(session.toString()).isEqualTo("dropped session");
  }

  private DroppedSession dropped(ZooKeeper alive) throws Exception {
    ZooKeeper closed = new ZooKeeper(proxy.connectString(), SESSION_MILLIS, event -> {});
    closed.close();
    return new DroppedSession(
        alive.getSessionId(), alive.getSessionPasswd().clone(), PATIENCE, closed);
  }

  private static SessionCloser closer(String address) {
    return new SessionCloser(
        Timekeeper.system(), () -> ServerAddresses.parse(address).servers(), null);
  }

  private Inside connect(CuratorFramework curator, boolean owned) {
    if (!owned) {
      curator.start();
    }
    return Inside.connect(
            (owned ? ZkClient.owning(curator) : ZkClient.borrowing(curator)).root(root))
        .withRoot();
  }

  private static void awaitConnected(Inside inside) {
    await().atMost(PATIENCE).until(() -> inside.client.session().state() == SessionState.CONNECTED);
  }

  private static void create(Inside inside, String name) {
    Answer<SessionHandle.Created> made = inside.ask((handle, reply) -> handle.create(
        inside.path(name),
        new byte[0],
        inside.client.acl(inside.client.rootPath()),
        CreateMode.EPHEMERAL,
        reply));
    assertThat(made.isOk()).isTrue();
  }

  /** The ephemeral nodes of earlier sessions in the moment in which the next one is first announced. */
  private CompletableFuture<List<String>> ephemeralsAtNextConnect(
      Inside inside, WireHandle before) {
    CompletableFuture<List<String>> seen = new CompletableFuture<>();
    inside.client.onSessions(new SessionListener() {
      @Override
      public void onConnected(SessionHandle handle) {
        if (handle != before) {
          seen.complete(ephemerals());
        }
      }

      @Override
      public void onSuspect(SessionHandle handle) {}

      @Override
      public void onLost(SessionHandle handle) {}
    });
    return seen;
  }

  private List<String> ephemerals() {
    return zooKeeper.server().nodes(root).stream()
        .filter(ZkNode::ephemeral)
        .map(ZkNode::path)
        .toList();
  }

  private static CuratorFramework curator(String address) {
    return builder(address).build();
  }

  private static CuratorFrameworkFactory.Builder builder(String address) {
    return CuratorFrameworkFactory.builder()
        .connectString(address)
        .sessionTimeoutMs(SESSION_MILLIS)
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false);
  }

  /** Tells when a handle is connected. */
  private static final class Word {
    private final CountDownLatch connected = new CountDownLatch(1);

    void hear(org.apache.zookeeper.WatchedEvent event) {
      if (event.getState() == KeeperState.SyncConnected) {
        connected.countDown();
      }
    }
  }

  /** Makes handles that go on with a session of before, as an application with a keeper of its own does. */
  private static final class Continuing implements ZookeeperFactory {
    private final AtomicReference<@Nullable DroppedSession> continued = new AtomicReference<>();

    @Override
    public ZooKeeper newZooKeeper(
        String connectString,
        int sessionTimeout,
        org.apache.zookeeper.Watcher watcher,
        boolean canBeReadOnly)
        throws Exception {
      DroppedSession session = continued.get();
      return session == null
          ? new ZooKeeper(connectString, sessionTimeout, watcher, canBeReadOnly)
          : new ZooKeeper(
              connectString,
              sessionTimeout,
              watcher,
              session.id(),
              session.password(),
              canBeReadOnly);
    }
  }
}
