package io.zookit.core.internal.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ClientObserver;
import io.zookit.core.IncarnationException;
import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.WireHandle;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The number that tells lost and restored data from the data that was known. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class IncarnationIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());
  private final List<AutoCloseable> opened = Collections.synchronizedList(new ArrayList<>());

  @TempDir
  Path folder;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : List.copyOf(opened)) {
      each.close();
    }
  }

  @Test
  void incarnation_racingFirstClients_isMadeAsOneOnce() {
    String root = zooKeeper.freshRoot();
    List<CompletableFuture<Inside>> racing = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      racing.add(CompletableFuture.supplyAsync(() -> connect(zooKeeper.connectString(), root)));
    }
    for (CompletableFuture<Inside> each : racing) {
      Inside inside = Inside.get(each);
      assertThat(inside.client.incarnation()).isEqualTo(1);
      assertThat(inside.client.token(7, 0).incarnation()).isEqualTo(1);
    }
    await().until(() -> zooKeeper.server().nodes(root).size() == 2);
    assertThat(zooKeeper.server().nodes(root))
        .extracting(ZkNode::path)
        .containsExactlyInAnyOrder(root + "/~incarnation", root + "/~lineage");
    assertThat(changes).isEmpty();
  }

  @Test
  void incarnation_reconnectAndNewSession_isKept() throws Exception {
    FaultProxy proxy = proxy();
    Inside inside = connect(proxy.connectString(), zooKeeper.freshRoot());
    assertThat(inside.client.raiseIncarnation(41)).isEqualTo(41);
    Reconnect.force(inside.client, proxy);
    assertThat(inside.client.token(7, 0).incarnation()).isEqualTo(41);
    WireHandle old = inside.handle();
    Sessions.expireOnServer(old.zooKeeper(), zooKeeper.connectString());
    await().until(old::isOver);
    inside.client.awaitConnected(Duration.ofSeconds(20));
    assertThat(inside.client.token(7, 0).incarnation()).isEqualTo(41);
    await().untilAsserted(() -> assertThat(changes).containsExactly("1 to 41"));
  }

  @Test
  void raiseIncarnation_atLeast_isTheGreatestOfBothAndFollowedByOthers() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside one = connect(zooKeeper.connectString(), root);
    Inside two = connect(zooKeeper.connectString(), root);
    assertThat(one.client.raiseIncarnation(0)).isEqualTo(2);
    assertThat(one.client.raiseIncarnation(10)).isEqualTo(10);
    assertThat(one.client.raiseIncarnation(10)).isEqualTo(11);
    assertThat(one.client.incarnation()).isEqualTo(11);
    await().until(() -> two.client.incarnation() == 11);
    assertThat(two.client.token(7, 0).incarnation()).isEqualTo(11);
  }

  @Test
  void raiseIncarnation_badNumber_isRefused() {
    Inside inside = connect(zooKeeper.connectString(), zooKeeper.freshRoot());
    for (long bad : new long[] {-1, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> inside.client.raiseIncarnation(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("atLeast: " + bad + " (expected: 0 to 4611686018427387903)");
    }
    assertThat(inside.client.incarnation()).isEqualTo(1);
  }

  @Test
  void raiseIncarnation_racing_eachRaises() throws Exception {
    String root = zooKeeper.freshRoot();
    List<Inside> clients =
        List.of(connect(zooKeeper.connectString(), root), connect(zooKeeper.connectString(), root));
    List<CompletableFuture<Long>> raises = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Inside client = clients.get(i % 2);
      raises.add(CompletableFuture.supplyAsync(() -> raise(client)));
    }
    for (CompletableFuture<Long> raise : raises) {
      assertThat(Inside.get(raise)).isGreaterThanOrEqualTo(2L);
    }
    // One whose answer was lost with the session that another one ended is sent again.
    await()
        .until(() -> clients.get(0).client.incarnation() >= 11
            && clients.get(0).client.incarnation() == clients.get(1).client.incarnation());
    for (Inside client : clients) {
      assertThat(client.client.token(7, 0).incarnation()).isGreaterThanOrEqualTo(11);
    }
  }

  @Test
  void raiseIncarnation_answerLost_isUnknownAndSeenLater() throws Exception {
    FaultProxy proxy = proxy();
    Inside inside = connect(proxy.connectString(), zooKeeper.freshRoot());
    Fault fault = proxy.cutAfter(Op.MULTI, 1);
    assertThatThrownBy(() -> inside.client.raiseIncarnation(0))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("the outcome is unknown");
    assertThat(fault.landed()).isTrue();
    await().until(() -> inside.client.incarnation() == 2);
  }

  /** Three reads before the transaction, after it one for the event and two to compare. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6})
  @Tag("full")
  void raiseIncarnation_cutWhileItIsReadAgain_isKnownWhenItReturns(int read) throws Exception {
    FaultProxy proxy = proxy();
    Inside inside = connect(proxy.connectString(), zooKeeper.freshRoot());
    Fault fault = proxy.cutBefore(Op.GET_DATA, read);
    assertThat(inside.client.raiseIncarnation(0)).isEqualTo(2);
    assertThat(inside.client.token(7, 0).incarnation()).isEqualTo(2);
    assertThat(fault.landed()).as(fault.toString()).isTrue();
  }

  @Test
  void raiseIncarnation_disconnected_saysThatNothingWasSent() throws Exception {
    FaultProxy proxy = proxy();
    Inside inside = connect(proxy.connectString(), zooKeeper.freshRoot());
    Reconnect.breakOff(inside.client, proxy);
    assertThatThrownBy(() -> inside.client.raiseIncarnation(0))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("nothing was sent");
  }

  @ParameterizedTest
  @CsvSource({
    "EXISTS,true",
    "SYNC,false",
    "GET_DATA,false",
    "CREATE,true",
    "CREATE2,true",
    "CREATE2,false"
  })
  void connect_greetingIsCutAnywhere_connectsAllTheSame(Op op, boolean before) {
    FaultProxy proxy = proxy();
    Fault fault = before ? proxy.cutBefore(op, 1) : proxy.cutAfter(op, 1);
    Inside inside = connect(proxy.connectString(), zooKeeper.freshRoot());
    assertThat(fault.landed()).as(fault.toString()).isTrue();
    assertThat(inside.client.token(7, 0).incarnation()).isEqualTo(1);
  }

  @Test
  @Tag("full")
  void incarnation_manyReconnects_oneChangeIsReadOnce() throws Exception {
    FaultProxy proxy = proxy();
    String root = zooKeeper.freshRoot();
    Inside inside = connect(proxy.connectString(), root);
    for (int i = 0; i < 2; i++) {
      Reconnect.force(inside.client, proxy);
    }
    Inside operator = connect(zooKeeper.connectString(), root);
    proxy.resetCounters();
    overwrite(operator, root, "{\"v\":1,\"r\":1,\"number\":2}");
    await().until(() -> inside.client.incarnation() == 2);
    inside.<Boolean>ask((handle, reply) -> handle.sync(inside.client.rootPath(), reply));
    assertThat(proxy.requests(Op.GET_DATA)).as("the number, and the lineage").isEqualTo(2);
  }

  @Test
  @Tag("full")
  void wipedUnderALivingClient_isNoticedAndEndedByARaise() throws Exception {
    try (ZkServer server = ZkServer.start(Map.of("dataDir", folder.toString()))) {
      Inside living = connect(server.connectString(), "/r");
      Inside second = connect(server.connectString(), "/r");
      server.stop();
      DataFolder.delete(folder);
      server.restart();
      awaitStrange(living);
      awaitStrange(second);
      assertThatThrownBy(() -> living.client.token(7, 0)).hasMessageContaining("wiped");
      assertThat(living.client.incarnation()).isEqualTo(1);
      assertThat(living.client.raiseIncarnation(0)).isEqualTo(2);
      assertThat(living.client.token(7, 0).incarnation()).isEqualTo(2);
      await()
          .ignoreException(IncarnationException.class) // the number is read before the lineage
          .until(() -> second.client.token(7, 0).incarnation() == 2);
      assertThat(changes).containsExactlyInAnyOrder("1 to 0", "1 to 0", "1 to 2", "1 to 2");
    }
  }

  @Test
  @Tag("full")
  void wipedAndMadeAnewByAnotherClient_isNoticed() throws Exception {
    try (ZkServer server = ZkServer.start(Map.of("dataDir", folder.toString()))) {
      Inside living = connect(server.connectString(), "/r");
      server.stop();
      DataFolder.delete(folder);
      server.restart();
      Inside fresh = connect(server.connectString(), "/r");
      assertThat(fresh.client.token(7, 0).incarnation()).isEqualTo(1);
      awaitStrange(living);
      assertThat(fresh.client.raiseIncarnation(0)).isEqualTo(2);
      await()
          .ignoreException(IncarnationException.class)
          .until(() -> living.client.token(7, 0).incarnation() == 2);
    }
  }

  @Test
  @Tag("full")
  void restoredToALowerNumber_isNoticed() throws Exception {
    Path data = folder.resolve("data");
    Path backup = folder.resolve("backup");
    try (ZkServer server = ZkServer.start(Map.of("dataDir", data.toString()))) {
      Inside living = connect(server.connectString(), "/r");
      server.stop();
      await().until(() -> living.client.session().state() != SessionState.CONNECTED);
      DataFolder.copy(data, backup);
      server.restart();
      living.client.awaitConnected(Duration.ofSeconds(20));
      await().until(() -> living.client.session().state() == SessionState.CONNECTED);
      assertThat(living.client.raiseIncarnation(5)).isEqualTo(5);
      server.stop();
      DataFolder.delete(data);
      DataFolder.copy(backup, data);
      server.restart();
      awaitStrange(living);
      assertThatThrownBy(() -> living.client.token(7, 0))
          .hasMessageContaining("went back from 5 to 1");
      assertThat(living.client.raiseIncarnation(0)).isEqualTo(6);
      assertThat(living.client.token(7, 0).incarnation()).isEqualTo(6);
    }
  }

  @Test
  @Tag("full")
  void restoredWithTheSameNumber_isNoticedByTheFirstCreate() throws Exception {
    Path data = folder.resolve("data");
    Path backup = folder.resolve("backup");
    try (ZkServer server = ZkServer.start(Map.of("dataDir", data.toString()))) {
      Inside living = connect(server.connectString(), "/r");
      server.stop();
      await().until(() -> living.client.session().state() != SessionState.CONNECTED);
      DataFolder.copy(data, backup);
      server.restart();
      await().until(() -> living.client.session().state() == SessionState.CONNECTED);
      for (int i = 0; i < 50; i++) {
        create(living, "n");
      }
      server.stop();
      await().until(() -> living.client.session().state() != SessionState.CONNECTED);
      DataFolder.delete(data);
      DataFolder.copy(backup, data);
      server.restart();
      await().until(() -> living.client.session().state() == SessionState.CONNECTED);
      create(living, "n");
      awaitStrange(living);
      assertThatThrownBy(() -> living.client.token(7, 0))
          .hasMessageContaining("transaction numbers went back");
      assertThat(living.client.raiseIncarnation(0)).isEqualTo(2);
      create(living, "n");
      assertThat(living.client.token(7, 0).incarnation()).isEqualTo(2);
    }
  }

  @Test
  void nodeThatHoldsNoNumber_isNotTrustedUntilRepaired() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside inside = connect(zooKeeper.connectString(), root);
    overwrite(inside, root, "canary");
    awaitStrange(inside);
    assertThatThrownBy(() -> inside.client.token(7, 0))
        .hasMessageContaining("does not hold a number")
        .hasMessageContaining("zookit incarnation repair");
    assertThatThrownBy(() -> inside.client.raiseIncarnation(0))
        .isInstanceOf(IncarnationException.class)
        .hasMessageContaining("nothing was changed");
    assertThat(inside.client.repairIncarnation(0)).isEqualTo(2);
    assertThat(inside.client.token(7, 0).incarnation()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary", "{\"v\":9,\"r\":9,\"number\":40}"})
  void connect_nodeDamagedOrNewer_connectsAndOnlyTokensAreRefused(String content) throws Exception {
    String root = zooKeeper.freshRoot();
    Inside operator = connect(zooKeeper.connectString(), root);
    overwrite(operator, root, content);
    Inside late = connect(zooKeeper.connectString(), root);
    late.withRoot();
    assertThat(late.client.session().state()).isEqualTo(SessionState.CONNECTED);
    assertThatThrownBy(() -> late.client.token(7, 0)).isInstanceOf(IncarnationException.class);
    assertThatThrownBy(() -> late.client.incarnation()).isInstanceOf(IncarnationException.class);
  }

  @Test
  void raiseIncarnation_byAStartedClientOverAnUnreadableNine_neverLowersIt() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside operator = connect(zooKeeper.connectString(), root);
    assertThat(operator.client.raiseIncarnation(9)).isEqualTo(9);
    overwrite(operator, root, "{\"v\":9,\"r\":9,\"number\":9}");
    try (ZkClient started =
        ZkClient.builder(zooKeeper.connectString()).root(root).start()) {
      started.awaitConnected(Duration.ofSeconds(30));
      assertThatThrownBy(() -> started.raiseIncarnation(0))
          .isInstanceOf(IncarnationException.class)
          .hasMessageContaining("newer version");
      assertThat(started.repairIncarnation(10)).isEqualTo(10);
      assertThatThrownBy(() -> started.repairIncarnation(20))
          .isInstanceOf(IncarnationException.class)
          .hasMessageContaining("nothing is to be repaired");
    }
    await().until(() -> operator.client.incarnation() == 10);
    assertThat(operator.client.token(7, 0).incarnation()).isEqualTo(10);
  }

  @Test
  void nodeDeletedByAnOperator_isNotTrustedUntilRaised() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside inside = connect(zooKeeper.connectString(), root);
    inside.zooKeeper().delete(root + "/~incarnation", -1);
    awaitStrange(inside);
    assertThat(inside.client.raiseIncarnation(0)).isEqualTo(2);
    assertThat(inside.client.token(7, 0).incarnation()).isEqualTo(2);
  }

  private Inside connect(String connectString, String root) {
    ZkClientBuilder builder = ZkClient.builder(connectString)
        .root(root)
        .sessionTimeout(Duration.ofSeconds(3))
        .observer(new ClientObserver() {
          @Override
          public void onIncarnationChanged(long before, long now) {
            changes.add(before + " to " + now);
          }
        });
    Inside inside = Inside.connect(builder);
    opened.add(0, inside);
    return inside;
  }

  private FaultProxy proxy() {
    FaultProxy proxy = FaultProxy.to(zooKeeper.server());
    opened.add(proxy);
    return proxy;
  }

  private static long raise(Inside client) {
    try {
      return client.client.raiseIncarnation(0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitStrange(Inside inside) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThatThrownBy(() -> inside.client.token(7, 0))
            .isInstanceOf(IncarnationException.class)
            .hasMessageContaining("an operator must raise the incarnation"));
  }

  private static void create(Inside inside, String name) {
    inside.withRoot();
    Answer<SessionHandle.Created> made = inside.ask((handle, reply) -> handle.create(
        inside.path(name),
        new byte[0],
        inside.client.acl(inside.path(name)),
        CreateMode.PERSISTENT_SEQUENTIAL,
        reply));
    assertThat(made.isOk()).as(made.toString()).isTrue();
  }

  private static void overwrite(Inside inside, String root, String content) throws Exception {
    byte[] data = content.getBytes(StandardCharsets.UTF_8);
    inside.zooKeeper().setData(root + "/~incarnation", data, -1);
  }
}
