package io.zookit.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.WireHandle;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client over a borrowed Curator client, whose session does not end with the client. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class BorrowedCuratorIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private FaultProxy proxy;
  private CuratorFramework curator;
  private String root;

  @BeforeEach
  void open() {
    proxy = FaultProxy.to(zooKeeper.server());
    curator = curator(15_000);
    root = zooKeeper.freshRoot();
  }

  @AfterEach
  void close() {
    curator.close();
    proxy.close();
  }

  @Test
  void borrowing_close_curatorGoesOnAndOurNodesAreGone() throws Exception {
    curator.start();
    Inside inside = borrow();
    own(inside, "mine");
    await().until(() -> ephemerals().size() == 1);
    inside.close();
    assertThat(ephemerals()).isEmpty();
    assertThat(curator.getState()).isEqualTo(CuratorFrameworkState.STARTED);
    assertThat(curator.checkExists().forPath(root)).isNotNull();
  }

  @Test
  @Tag("full")
  void borrowing_namespaces_keepTenantsApart() throws Exception {
    curator.start();
    try (Inside one = tenant("one");
        Inside two = tenant("two")) {
      own(one, "same");
      own(two, "same");
      await()
          .until(() -> zooKeeper.server().nodes(root + "one").stream()
              .anyMatch(node -> node.path().equals(root + "one" + root + "/same")));
      await()
          .until(() -> zooKeeper.server().nodes(root + "two").stream()
              .anyMatch(node -> node.path().equals(root + "two" + root + "/same")));
      assertThat(zooKeeper.server().nodes(root)).isEmpty();
      assertThat(one.client.raiseIncarnation(7)).isEqualTo(7);
      await().until(() -> one.client.incarnation() == 7);
      assertThat(two.client.incarnation()).isEqualTo(1);
    }
    assertThat(zooKeeper.server().nodes(root + "one").stream().filter(ZkNode::ephemeral))
        .isEmpty();
  }

  private Inside tenant(String name) {
    String namespace = root.substring(1) + name;
    return Inside.connect(ZkClient.borrowing(curator.usingNamespace(namespace)).root(root))
        .withRoot();
  }

  @Test
  @Tag("full")
  void borrowing_closeWhileDisconnected_ourNodesGoWhenTheConnectionComesBack() throws Exception {
    curator.start();
    Inside inside = borrow();
    own(inside, "mine");
    await().until(() -> ephemerals().size() == 1);
    Reconnect.breakOff(inside.client, proxy);
    inside.close();
    assertThat(ephemerals()).hasSize(1);
    proxy.heal();
    await().until(() -> ephemerals().isEmpty());
    assertThat(curator.checkExists().forPath(root)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"CREATE2,true", "CREATE2,false", "DELETE,true", "DELETE,false"})
  @Tag("full")
  void borrowing_closeWhileTheCreateIsUnderWay_leavesNoNode(Op op, boolean before)
      throws Exception {
    curator.start();
    Inside inside = borrow();
    Fault fault = before ? proxy.cutBefore(op, 1) : proxy.cutAfter(op, 1);
    own(inside, "mine");
    inside.close();
    assertThat(fault.await(Duration.ofSeconds(20))).isTrue();
    await().until(() -> curator.getZookeeperClient().isConnected());
    await().until(() -> ephemerals().isEmpty());
  }

  @Test
  @Tag("full")
  void borrowing_closeWhileDisconnectedAndSessionEnds_nothingIsLeftRunning() throws Exception {
    curator = curator(1_000);
    curator.start();
    Inside inside = borrow();
    own(inside, "mine");
    await().until(() -> ephemerals().size() == 1);
    WireHandle handle = inside.handle();
    Reconnect.breakOff(inside.client, proxy);
    inside.close();
    await().until(handle::isOver);
    proxy.heal();
    await().until(() -> ephemerals().isEmpty());
    await().until(() -> curator.getZookeeperClient().isConnected());
  }

  @Test
  void borrowing_closedManyTimes_nothingGathersInTheSession() throws Exception {
    curator.start();
    WeakReference<CoreClient> closed = borrowAndClose();
    for (int i = 0; i < 5; i++) {
      borrowAndClose();
    }
    await().until(() -> {
      System.gc();
      return closed.get() == null;
    });
    assertThat(curator.checkExists().forPath(root)).isNotNull();
  }

  @Test
  @Tag("full")
  void borrowing_twoClientsOneIsClosed_theOtherIsNotTouched() throws Exception {
    curator.start();
    Inside one = borrow();
    try (Inside two = borrow()) {
      own(one, "one");
      own(two, "two");
      await().until(() -> ephemerals().size() == 2);
      one.close();
      assertThat(ephemerals()).containsExactly(root + "/two");
      Reconnect.force(two.client, proxy);
      assertThat(ephemerals()).containsExactly(root + "/two");
    }
  }

  @Test
  @Tag("full")
  void borrowing_connectionBreaksWhileAnotherClientIsClosed_isNoticedAllTheSame() throws Exception {
    curator.start();
    Inside one = borrow();
    try (Inside two = borrow()) {
      proxy.refuse();
      Fault fault = proxy.cutBefore(Op.CHECK_WATCHES, 1);
      one.close();
      assertThat(fault.await(Duration.ofSeconds(20))).isTrue();
      await().until(() -> two.client.session().state() == SessionState.SUSPECT);
      proxy.heal();
      await().until(() -> two.client.session().state() == SessionState.CONNECTED);
    }
  }

  @Test
  void borrowing_ownerClosesCurator_sessionIsLostAndCloseIsFine() {
    curator.start();
    Inside inside = borrow();
    curator.close();
    await().until(() -> inside.client.session().state() == SessionState.LOST);
    inside.close();
  }

  @Test
  @Tag("full")
  void borrowing_sessionExpires_followsIntoTheNewOne() throws Exception {
    curator.start();
    try (Inside inside = borrow()) {
      own(inside, "mine");
      await().until(() -> ephemerals().size() == 1);
      WireHandle first = inside.handle();
      Sessions.expireOnServer(first.zooKeeper(), zooKeeper.connectString());
      await().until(first::isOver);
      await().until(() -> inside.client.session().state() == SessionState.CONNECTED);
      await().until(() -> ephemerals().size() == 1);
      assertThat(inside.handle()).isNotSameAs(first);
    }
  }

  @Test
  void borrowing_notStarted_failsInTimeAndConnectsOnceItIs() throws Exception {
    assertThatThrownBy(() -> ZkClient.borrowing(curator)
            .root(root)
            .connectTimeout(Duration.ofMillis(300))
            .connect())
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining(proxy.connectString());
    assertThat(curator.getState()).isEqualTo(CuratorFrameworkState.LATENT);
    try (ZkClient client = ZkClient.borrowing(curator).root(root).start()) {
      curator.start();
      client.awaitConnected(Duration.ofSeconds(20));
    }
    assertThat(curator.getState()).isEqualTo(CuratorFrameworkState.STARTED);
  }

  @Test
  void owning_startedOrNot_isStartedAndClosed() throws Exception {
    try (ZkClient client = ZkClient.owning(curator).root(root).connect()) {
      assertThat(client.session().state()).isEqualTo(SessionState.CONNECTED);
    }
    assertThat(curator.getState()).isEqualTo(CuratorFrameworkState.STOPPED);
    CuratorFramework started = curator(15_000);
    started.start();
    ZkClient.owning(started).root(root).connect().close();
    assertThat(started.getState()).isEqualTo(CuratorFrameworkState.STOPPED);
  }

  @Test
  void over_closedCurator_isRefused() {
    curator.start();
    curator.close();
    for (boolean owned : new boolean[] {true, false}) {
      assertThatThrownBy(() -> (owned ? ZkClient.owning(curator) : ZkClient.borrowing(curator))
              .connectTimeout(Duration.ofSeconds(20))
              .connect())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("curator: is closed (expected: started, or to be started)");
    }
  }

  private WeakReference<CoreClient> borrowAndClose() {
    Inside inside = borrow();
    own(inside, "mine");
    inside.close();
    return new WeakReference<>(inside.client);
  }

  private Inside borrow() {
    return Inside.connect(ZkClient.borrowing(curator).root(root)).withRoot();
  }

  private static void own(Inside inside, String name) {
    inside.doOnLoop(() -> inside
        .client
        .ownedNodes()
        .own(
            Folders.root(inside.client),
            incarnation -> inside.path(name),
            new byte[0],
            new OwnedNode.Listener() {
              @Override
              public void onOwned(ZkPath path, Stat stat) {}

              @Override
              public void onMissing(String reason) {}
            }));
  }

  private List<String> ephemerals() {
    return zooKeeper.server().nodes(root).stream()
        .filter(ZkNode::ephemeral)
        .map(ZkNode::path)
        .toList();
  }

  private CuratorFramework curator(int sessionMillis) {
    return CuratorFrameworkFactory.builder()
        .connectString(proxy.connectString())
        .sessionTimeoutMs(sessionMillis)
        .retryPolicy(new RetryOneTime(100))
        .ensembleTracker(false)
        .build();
  }
}
