package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op.Check;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.client.FourLetterWordMain;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class FaultProxyIT {

  @RegisterExtension
  static final ZkServerExtension zk = new ZkServerExtension();

  private static final Duration SESSION = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofSeconds(60);

  private FaultProxy proxy;
  private Raw client;
  private String root;

  @BeforeEach
  void connect() throws Exception {
    proxy = FaultProxy.to(zk.server());
    client = Raw.connect(proxy.connectString(), SESSION);
    root = zk.freshRoot();
    client.create(root, CreateMode.PERSISTENT);
    proxy.resetCounters();
  }

  @AfterEach
  void close() throws Exception {
    proxy.heal();
    client.close();
    proxy.close();
  }

  @Test
  @Tag("full")
  void cutBefore_create_nodeAbsentAndConnectionLoss() throws Exception {
    Fault fault = proxy.cutBefore(Op.CREATE, 1);
    assertThatThrownBy(() -> client.create(root + "/a", CreateMode.PERSISTENT))
        .isInstanceOf(KeeperException.ConnectionLossException.class);
    assertThat(fault.landed()).isTrue();
    assertThat(zk.server().nodes(root)).isEmpty();
    await().atMost(LONG).ignoreExceptions().until(() -> !client.exists(root + "/a"));
    client.create(root + "/b", CreateMode.PERSISTENT);
    assertThat(zk.server().nodes(root)).containsExactly(new ZkNode(root + "/b", false));
  }

  @Test
  void cutAfter_create_nodePresentAndConnectionLoss() throws Exception {
    Fault fault = proxy.cutAfter(Op.CREATE, 1);
    assertThatThrownBy(() -> client.create(root + "/a", CreateMode.PERSISTENT))
        .isInstanceOf(KeeperException.ConnectionLossException.class);
    assertThat(fault.await(LONG)).isTrue();
    assertThat(zk.server().nodes(root)).containsExactly(new ZkNode(root + "/a", false));
  }

  @Test
  @Tag("full")
  void blackHole_atARequest_swallowsItAndDisconnectsByTimeout() throws Exception {
    Fault fault = proxy.blackHole(Op.SET_DATA, 1);
    assertThatThrownBy(() -> client.zk.setData(root, new byte[] {7}, -1))
        .isInstanceOf(KeeperException.ConnectionLossException.class);
    assertThat(fault.landed()).isTrue();
    await().until(() -> client.heard(KeeperState.Disconnected));
    await().atMost(LONG).ignoreExceptions().until(() -> version() == 0);
  }

  @Test
  @Tag("full")
  void blackHole_everything_disconnectsUntilHealed() throws Exception {
    proxy.blackHole();
    await().atMost(LONG).until(() -> client.heard(KeeperState.Disconnected));
    client.events.clear();
    proxy.heal();
    await().atMost(LONG).until(() -> client.heard(KeeperState.SyncConnected));
    assertThat(client.exists(root)).isTrue();
  }

  @Test
  @Tag("full")
  void cutBefore_thirdOfAKind_countsOnlyThatKind() throws Exception {
    Fault fault = proxy.cutBefore(Op.DELETE, 3);
    for (String name : List.of("/a", "/b", "/c")) {
      client.create(root + name, CreateMode.PERSISTENT);
    }
    client.zk.delete(root + "/a", -1);
    client.zk.delete(root + "/b", -1);
    assertThat(fault.landed()).isFalse();
    assertThatThrownBy(() -> client.zk.delete(root + "/c", -1))
        .isInstanceOf(KeeperException.ConnectionLossException.class);
    assertThat(zk.server().nodes(root)).containsExactly(new ZkNode(root + "/c", false));
  }

  @Test
  @Tag("full")
  void cutBefore_anyRequest_meetsWhatComesNextButNoPing() {
    Fault fault = proxy.cutBefore(Op.ANY, 1);
    await().atMost(LONG).until(() -> proxy.requests(Op.PING) >= 1);
    assertThat(fault.landed()).isFalse();
    assertThatThrownBy(() -> client.exists(root))
        .isInstanceOf(KeeperException.ConnectionLossException.class);
    assertThat(fault.landed()).isTrue();
  }

  @Test
  @Tag("full")
  void cutBefore_inTheMiddleOfAPipeline_hitsExactlyThatRequest() throws Exception {
    proxy.cutBefore(Op.CREATE, 31);
    List<Integer> answers = pipeline(100);
    assertThat(answers.subList(0, 30)).containsOnly(Code.OK.intValue());
    assertThat(answers.subList(30, 100)).containsOnly(Code.CONNECTIONLOSS.intValue());
    assertThat(zk.server().nodes(root)).hasSize(30);
    assertThat(proxy.requests(Op.CREATE)).isEqualTo(31);
  }

  @Test
  @Tag("full")
  void cutAfter_inTheMiddleOfAPipeline_hitsExactlyThatAnswer() throws Exception {
    proxy.cutAfter(Op.CREATE, 31);
    List<Integer> answers = pipeline(100);
    assertThat(answers.subList(0, 30)).containsOnly(Code.OK.intValue());
    assertThat(answers.subList(30, 100)).containsOnly(Code.CONNECTIONLOSS.intValue());
    assertThat(zk.server().nodes(root)).hasSize(31);
  }

  @Test
  void counts_pipelined_areExactAndInOrder() throws Exception {
    List<Integer> answers = pipeline(2_000);
    assertThat(answers).containsOnly(Code.OK.intValue());
    PacketCounts before = proxy.counts();
    assertThat(before.requests(Op.CREATE)).isEqualTo(2_000);
    client.exists(root);
    client.zk.getChildren(root, false);
    client.zk.getChildren(root, false, new Stat());
    client.zk.multi(
        List.of(Check.check(root, -1), org.apache.zookeeper.Op.delete(root + "/n-0", -1)));
    client.create(root + "/box", CreateMode.CONTAINER);
    client.zk.getEphemerals();
    PacketCounts since = proxy.counts().minus(before);
    assertThat(since.total()).isEqualTo(6);
    assertThat(proxy.recorded())
        .hasSize(2_006)
        .endsWith(
            Op.CREATE,
            Op.EXISTS,
            Op.GET_CHILDREN,
            Op.GET_CHILDREN2,
            Op.MULTI,
            Op.CREATE_CONTAINER,
            Op.GET_EPHEMERALS);
    assertThat(since.bytesFromServer()).isGreaterThan(2_000 * 2);
    assertThat(proxy.connections()).hasSize(1);
  }

  @Test
  void counts_watchEvents_areThoseDelivered() throws Exception {
    client.zk.exists(root + "/a", true);
    client.zk.getChildren(root, true);
    client.create(root + "/a", CreateMode.PERSISTENT);
    assertThat(proxy.counts().watchEvents()).isEqualTo(2);
    client.create(root + "/b", CreateMode.PERSISTENT);
    assertThat(proxy.counts().watchEvents()).isEqualTo(2);
    proxy.resetCounters();
    assertThat(proxy.counts()).isEqualTo(PacketCounts.NONE);
    assertThat(proxy.recorded()).isEmpty();
  }

  @Test
  void cutAfter_closeSession_sessionEndsAllTheSame() throws Exception {
    client.create(root + "/mine", CreateMode.EPHEMERAL);
    Fault fault = proxy.cutAfter(Op.CLOSE_SESSION, 1);
    client.close();
    assertThat(fault.await(LONG)).isTrue();
    await().atMost(LONG).until(() -> zk.server().nodes(root).isEmpty());
  }

  @Test
  @Tag("full")
  void cutAfter_connect_leavesASessionThatItsClientDoesNotKnow() throws Exception {
    try (ZkServer server = ZkServer.start();
        FaultProxy door = FaultProxy.to(server)) {
      Fault fault = door.cutAfter(Op.CONNECT, 1);
      try (Raw second = Raw.connect(door.connectString(), LONG)) {
        assertThat(fault.landed()).isTrue();
        assertThat(second.exists("/")).isTrue();
        assertThat(server.sessionCount()).isEqualTo(2);
      }
    }
  }

  @Test
  @Tag("full")
  void cut_connected_reconnectsWithTheSameSession() throws Exception {
    long session = client.zk.getSessionId();
    assertThat(proxy.cut()).isEqualTo(1);
    await().atMost(LONG).ignoreExceptions().until(() -> client.exists(root));
    assertThat(client.zk.getSessionId()).isEqualTo(session);
    await().until(() -> client.heard(KeeperState.Disconnected));
  }

  @Test
  @Tag("full")
  void refuse_newConnections_areClosedWhileOldOnesStay() throws Exception {
    proxy.refuse();
    assertThat(client.exists(root)).isTrue();
    proxy.cut();
    try (Raw second = Raw.start(proxy.connectString(), SESSION)) {
      await().atMost(LONG).until(() -> client.heard(KeeperState.Disconnected));
      assertThat(proxy.connections()).isEmpty();
      proxy.heal();
      await().atMost(LONG).ignoreExceptions().until(() -> second.exists(root));
    }
  }

  @Test
  @Tag("full")
  void delayReplies_pipelined_arriveLateInOrderAndAllAtOnce() throws Exception {
    long start = System.nanoTime();
    proxy.delayReplies(Duration.ofMillis(200));
    proxy.delayRequests(Duration.ofMillis(100));
    assertThat(pipeline(500)).containsOnly(Code.OK.intValue());
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    proxy.delayReplies(Duration.ofMinutes(5));
    CountDownLatch answered = new CountDownLatch(1);
    client.zk.sync(root, (rc, path, context) -> answered.countDown(), null);
    await().until(() -> proxy.requests(Op.SYNC) == 1);
    assertThat(answered.await(150, TimeUnit.MILLISECONDS)).isFalse();
    proxy.heal();
    assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @Tag("full")
  void bigRequests_moreThanTheProxyHolds_allPass() throws Exception {
    byte[] big = new byte[900_000];
    int count = 20;
    List<Integer> answers = new CopyOnWriteArrayList<>();
    CountDownLatch open = new CountDownLatch(2 * count);
    proxy.delayRequests(Duration.ofMillis(50));
    for (int i = 0; i < count; i++) {
      client.zk.setData(root, big, -1, (rc, path, context, stat) -> done(rc, answers, open), null);
      client.zk.getData(
          root, false, (rc, path, context, data, stat) -> done(rc, answers, open), null);
    }
    assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(answers).containsOnly(Code.OK.intValue());
    assertThat(proxy.counts().bytesFromClients()).isGreaterThan((long) count * big.length);
    assertThat(proxy.counts().bytesFromServer()).isGreaterThan((long) count * big.length);
  }

  @Test
  @Tag("full")
  void serverRestart_proxyStays_clientComesBack() throws Exception {
    try (ZkServer server = ZkServer.start();
        FaultProxy door = FaultProxy.to(server);
        Raw second = Raw.connect(door.connectString(), LONG)) {
      int port = door.port();
      server.restart();
      await().atMost(LONG).ignoreExceptions().until(() -> second.exists("/"));
      assertThat(door.port()).isEqualTo(port);
      assertThat(door.requests(Op.CONNECT)).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void fourLetterWord_passes() throws Exception {
    assertThat(FourLetterWordMain.send4LetterWord("127.0.0.1", proxy.port(), "srvr"))
        .contains("Mode: standalone");
    assertThat(proxy.counts().total()).isZero();
  }

  @Test
  void disarm_beforeItsRequest_doesNothing() throws Exception {
    Fault fault = proxy.cutBefore(Op.EXISTS, 1);
    assertThat(fault).hasToString("cut before EXISTS 1 (waiting)");
    fault.disarm();
    assertThat(client.exists(root)).isTrue();
    assertThat(fault.await(Duration.ZERO)).isFalse();
  }

  @Test
  @Tag("full")
  void twoFaults_sameRequest_takeOneEach() throws Exception {
    Fault first = proxy.cutBefore(Op.CREATE, 1);
    Fault second = proxy.cutAfter(Op.ANY, 1);
    assertThatThrownBy(() -> client.create(root + "/a", CreateMode.PERSISTENT))
        .isInstanceOf(KeeperException.ConnectionLossException.class);
    assertThat(first.landed()).isTrue();
    assertThat(second.landed()).isFalse();
    await().atMost(LONG).until(() -> {
      // The first tries may be lost in the client, which is still cleaning up.
      assertThatThrownBy(() -> client.create(root + "/b", CreateMode.PERSISTENT))
          .isInstanceOf(KeeperException.ConnectionLossException.class);
      return second.landed();
    });
    assertThat(zk.server().nodes(root)).containsExactly(new ZkNode(root + "/b", false));
  }

  @Test
  void badArguments_areRefused() {
    assertThatThrownBy(() -> proxy.cutBefore(Op.CREATE, 0))
        .hasMessage("n: 0 (expected: 1 or more)");
    assertThatThrownBy(() -> FaultProxy.to("a:1,b:2"))
        .hasMessage("address: \"a:1,b:2\" (expected: host:port of one server)");
    assertThatThrownBy(() -> proxy.delayReplies(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void close_threadEndsAndPortIsClosed() {
    FaultProxy other = FaultProxy.to(zk.server());
    String thread = "zookit-proxy-" + other.port();
    assertThat(threads()).contains(thread);
    other.close();
    other.close();
    await().until(() -> !threads().contains(thread));
    assertThatThrownBy(other::cut).isInstanceOf(IllegalStateException.class);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }

  private static void done(int rc, List<Integer> answers, CountDownLatch open) {
    answers.add(rc);
    open.countDown();
  }

  private int version() throws Exception {
    return client.zk.exists(root, false).getVersion();
  }

  /** Sends creates without waiting and returns their answers in the order they were sent. */
  private List<Integer> pipeline(int count) throws InterruptedException {
    List<Integer> answers = new CopyOnWriteArrayList<>();
    CountDownLatch open = new CountDownLatch(count);
    AsyncCallback.StringCallback callback = (rc, path, context, name) -> {
      answers.add(rc);
      open.countDown();
    };
    byte[] data = "x".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < count; i++) {
      client.zk.create(
          root + "/n-" + i,
          data,
          ZooDefs.Ids.OPEN_ACL_UNSAFE,
          CreateMode.PERSISTENT,
          callback,
          null);
    }
    assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();
    return answers;
  }
}
