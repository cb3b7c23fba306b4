package io.zookit.core.internal.lineage;

import static io.zookit.core.internal.lineage.LineageFixture.LONG;
import static io.zookit.core.internal.lineage.LineageFixture.awaitSuspicion;
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
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.WireHandle;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The memory that a client has of the data, and its reaction to data that do not match it. */
@Timeout(180)
class LineageIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final LineageFixture clients = new LineageFixture();

  @TempDir
  Path folder;

  @AfterEach
  void closeAll() {
    clients.close();
  }

  @Test
  @Tag("full")
  void historyOfACopy_readByALivingClient_isSuspectedByAllUntilAnOperatorRaises() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside living = connect(zooKeeper.connectString(), root);
    Inside second = connect(zooKeeper.connectString(), root);
    Lineage copied = read(living);
    write(living, copied.next("aa"));
    awaitVersion(living, 1);
    awaitVersion(second, 1);

    write(living, lifted(copied).next("cc"));

    awaitSuspicion(living);
    awaitSuspicion(second);
    Inside late = connect(zooKeeper.connectString(), root);
    awaitSuspicion(late);
    assertThat(late.client.suspicion().orElseThrow().reason()).contains("another version 1");
    WireHandle before = second.handle();
    assertThat(living.client.raiseIncarnation(0)).isEqualTo(2);
    for (Inside each : List.of(living, second, late)) {
      await().atMost(LONG).untilAsserted(() -> {
        assertThat(each.client.suspicion()).isEmpty();
        assertThat(each.client.session().state()).isEqualTo(SessionState.CONNECTED);
        assertThat(each.client.token(7, 0).incarnation()).isEqualTo(2);
      });
    }
    assertThat(before.isOver())
        .as("a copy can bring back what a session had given up")
        .isTrue();
    assertThat(suspectLength(living)).isZero();
    awaitTrust(connect(zooKeeper.connectString(), root));
  }

  @Test
  void recall_memoryOfALaterState_isSuspected() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside first = connect(zooKeeper.connectString(), root);
    Lineage here = read(first);
    String kept = Lineage.of(here.next("aa"), stat(here, 7)).toText();
    Inside restarted = connect(zooKeeper.connectString(), root);
    CompletableFuture<Boolean> compared = new CompletableFuture<>();
    restarted.doOnLoop(() -> restarted.client.recall(kept, () -> compared.complete(true)));
    assertThat(Inside.get(compared)).isTrue();
    awaitSuspicion(restarted);
    awaitSuspicion(first);
    assertThat(restarted.client.suspicion().orElseThrow().reason())
        .contains("went back from version 7 to 0");
  }

  @Test
  void incarnationGoneUnderALineage_isSuspectedAndNeverLowered() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside operator = connect(zooKeeper.connectString(), root);
    assertThat(operator.client.raiseIncarnation(9)).isEqualTo(9);
    operator.close();
    try (ZkClient plain =
        ZkClient.builder(zooKeeper.connectString()).root("/other").connect()) {
      Inside.of(plain).zooKeeper().delete(root + "/~incarnation", -1);
    }
    Inside late = connect(zooKeeper.connectString(), root);
    awaitSuspicion(late);
    assertThat(late.client.raiseIncarnation(0)).isEqualTo(10);
    awaitTrust(late);
  }

  /** The write of a client that noticed may be under way while an operator raises, and its author may be gone. */
  @Test
  void suspicionWrittenBehindARaise_isVoid() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside first = connect(zooKeeper.connectString(), root);
    suspect(first, 1);
    awaitSuspicion(first);
    assertThat(first.client.raiseIncarnation(0)).isEqualTo(2);
    awaitTrust(first);

    suspect(first, 1);
    awaitTrust(connect(zooKeeper.connectString(), root));
    awaitTrust(first);

    suspect(first, 2);
    awaitSuspicion(first);
    awaitSuspicion(connect(zooKeeper.connectString(), root));
  }

  @Test
  @Tag("full")
  void raise_suspicionIsPublishedBetweenItsReadAndItsWrite_withdrawsItToo() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside witness = connect(zooKeeper.connectString(), root);
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server())) {
      Inside operator = connect(proxy.connectString(), root);
      proxy.resetCounters();
      proxy.delayReplies(Duration.ofSeconds(6)); // until it is healed
      CompletableFuture<Long> raised = new CompletableFuture<>();
      Thread raising = new Thread(() -> {
        try {
          raised.complete(operator.client.raiseIncarnation(0));
        } catch (InterruptedException | RuntimeException e) {
          raised.completeExceptionally(e);
        }
      });
      raising.start();
      await().atMost(LONG).until(() -> proxy.requests(Op.GET_DATA) >= 3);
      suspect(witness, 1);
      assertThat(proxy.requests(Op.MULTI)).as("writes of the raise so far").isZero();
      proxy.heal();
      assertThat(Inside.get(raised)).isEqualTo(2);
      awaitTrust(operator);
      awaitTrust(witness);
      assertThat(suspectLength(witness)).as("what the node holds").isZero();
    }
  }

  @Test
  @Tag("full")
  void heartbeat_quietClient_readsTheLineageAndNothingElse() {
    String root = zooKeeper.freshRoot();
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server())) {
      // Long enough that a busy machine does not cost the connection, which is looked after with an
      // exists.
      Inside quiet = clients.connect(
          ZkClient.builder(proxy.connectString()).root(root).sessionTimeout(Duration.ofSeconds(6)));
      await().atMost(LONG).until(() -> zooKeeper.server().nodes(root).size() == 2);
      quiet.<Boolean>ask((handle, reply) -> handle.sync(quiet.client.rootPath(), reply));
      quiet.<Boolean>ask((handle, reply) -> handle.sync(quiet.client.rootPath(), reply));
      proxy.resetCounters();
      await().atMost(LONG).until(() -> proxy.requests(Op.GET_DATA) >= 3);
      assertThat(proxy.requests(Op.EXISTS)).isZero();
      assertThat(proxy.requests(Op.SET_DATA)).isZero();
      assertThat(quiet.client.suspicion()).isEmpty();
    }
  }

  /** The copy is lifted above everything that the client knew before it comes back, so it keeps its session. */
  @Test
  @Tag("full")
  void hotCopyRestoredAndLifted_underASessionThatLivesOn_isNoticed() throws Exception {
    Path data = folder.resolve("data");
    Path backup = folder.resolve("backup");
    try (ZkServer server =
            ZkServer.start(Map.of("dataDir", data.toString(), "maxSessionTimeout", "120000"));
        FaultProxy proxy = FaultProxy.to(server)) {
      Inside living = clients.connect(ZkClient.builder(proxy.connectString())
          .root("/r")
          .sessionTimeout(Duration.ofSeconds(60)));
      writeUpTo(living, 3, "a");
      DataFolder.copy(data, backup);
      writeUpTo(living, 7, "a");
      Reconnect.force(living.client, proxy); // each connect reads it
      awaitVersion(living, 7);
      Lineage remembered = read(living);
      long session = living.zooKeeper().getSessionId();
      proxy.refuse();
      proxy.cut();
      server.stop();
      DataFolder.restore(backup, data);
      server.restart();
      Inside foreign = connect(server.connectString(), "/r");
      assertThat(read(foreign).here().version()).as("restored").isEqualTo(3);
      createNodes(foreign, 60);
      writeUpTo(foreign, 8, "b");
      Lineage lifted = read(foreign);
      assertThat(lifted.here().version()).isEqualTo(8);
      assertThat(lifted.czxid()).as("the control: by its czxid").isEqualTo(remembered.czxid());
      assertThat(lifted.ctime()).as("the control: by its ctime").isEqualTo(remembered.ctime());
      assertThat(lifted.here().mzxid())
          .as("the control: by its transaction")
          .isGreaterThan(remembered.here().mzxid());
      proxy.heal();
      awaitSuspicion(living);
      assertThat(living.zooKeeper().getSessionId()).as("the session lives on").isEqualTo(session);
      assertThat(living.client.suspicion().orElseThrow().reason()).contains("another version");
      awaitSuspicion(foreign);
      assertThat(living.client.raiseIncarnation(0)).isEqualTo(2);
      awaitTrust(living);
      awaitTrust(foreign);
    }
  }

  private static int suspectLength(Inside inside) {
    ZkPath path = inside.client.rootPath().own(SuspicionKeeper.SUSPECT);
    Answer<Stat> suspect = inside.ask((handle, reply) -> handle.exists(path, null, reply));
    return suspect.get().getDataLength();
  }

  /** Writes what a client writes that noticed a restore and knew this incarnation. */
  private static void suspect(Inside inside, long incarnation) throws Exception {
    String path = inside.client.rootPath().own(SuspicionKeeper.SUSPECT).value();
    byte[] data = SuspectRecord.CODEC.encode(
        new SuspectRecord("late", "it went back", incarnation, "version 7", "version 3"));
    if (inside.zooKeeper().exists(path, false) == null) {
      inside.zooKeeper().create(path, data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    } else {
      inside.zooKeeper().setData(path, data, -1);
    }
  }

  private static Lineage lifted(Lineage copied) {
    return Lineage.of(copied.next("bb"), stat(copied, copied.here().version() + 1));
  }

  private static Stat stat(Lineage of, int version) {
    Stat stat = new Stat();
    stat.setCzxid(of.czxid());
    stat.setCtime(of.ctime());
    stat.setMzxid(of.here().mzxid() + 1);
    stat.setVersion(version);
    return stat;
  }

  private Inside connect(String connectString, String root) {
    return clients.connect(
        ZkClient.builder(connectString).root(root).sessionTimeout(Duration.ofSeconds(3)));
  }
}
