package io.zookit.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.WireHandle;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Owned nodes on a real server. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class OwnedNodesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private FaultProxy proxy;
  private String root;
  private Inside inside;

  @BeforeEach
  void connect() {
    proxy = FaultProxy.to(zooKeeper.server());
    root = zooKeeper.freshRoot();
    inside = Inside.connect(builder());
  }

  @AfterEach
  void disconnect() {
    inside.close();
    proxy.close();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void own_createIsCut_oneNodeInTheEnd(boolean before) throws Exception {
    Fault fault = before ? proxy.cutBefore(Op.CREATE2, 1) : proxy.cutAfter(Op.CREATE2, 1);
    OwnedNode node = own("a", "1");
    assertThat(fault.await(Duration.ofSeconds(20))).isTrue();
    await().until(() -> told.contains("owned"));
    assertThat(told).containsExactly("owned");
    assertThat(nodes()).hasSize(1);
    assertThat(data(inside.onLoop(node::ownedPath))).isEqualTo("1");
  }

  @Test
  void own_folderIsMissing_isMadeWithIt() {
    inside.doOnLoop(() -> own(
        Folders.root(inside.client).persistent(inside.client, inside.path("folder")), "folder/a"));
    await().until(() -> nodes().size() == 1);
    assertThat(nodes().get(0)).startsWith(root + "/folder/a-");
  }

  @Test
  void own_manyWithAMissingFolderAndATakenName_theOthersAreMade() throws Exception {
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    inside.doOnLoop(() -> folder(0)
        .persistent(inside.client, inside.path("f0").child("taken"))
        .ensure(inside.client.handle().orElseThrow(), made -> taken.complete(made.isOk())));
    assertThat(taken.get(20, TimeUnit.SECONDS)).isTrue();
    inside.doOnLoop(() -> {
      for (int i = 0; i < 150; i++) {
        own(folder(i % 2), "f" + i % 2 + "/n");
      }
      inside
          .client
          .ownedNodes()
          .own(folder(0), any -> inside.path("f0/taken"), bytes("1"), listener());
      for (int i = 0; i < 50; i++) {
        own(folder(i % 2), "f" + i % 2 + "/n");
      }
    });
    await().atMost(Duration.ofSeconds(30)).until(() -> nodes().size() == 200);
    inside.zooKeeper().delete(root + "/f0/taken", -1);
    await().atMost(Duration.ofSeconds(30)).until(() -> nodes().size() == 201);
    assertThat(proxy.requests(Op.MULTI)).isPositive();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(told).hasSize(201).containsOnly("owned"));
  }

  private Folders folder(int number) {
    return Folders.root(inside.client).persistent(inside.client, inside.path("f" + number));
  }

  @Test
  void own_sessionExpires_isMadeAgainUnderANewName() throws Exception {
    own("a", "1");
    await().until(() -> nodes().size() == 1);
    String first = nodes().get(0);
    Sessions.expireOnServer(inside.zooKeeper(), zooKeeper.connectString());
    await().until(() -> told.size() == 3);
    assertThat(told).containsExactly("owned", "missing: the session ended", "owned");
    assertThat(nodes()).hasSize(1).doesNotContain(first);
  }

  @Test
  void own_deletedByAnOperator_isMadeAgainByTheNextAudit() throws Exception {
    inside.close();
    ManualTimekeeper time = new ManualTimekeeper();
    inside = Inside.connect(builder().timekeeper(time));
    own("a", "1");
    await().until(() -> nodes().size() == 1);
    inside.zooKeeper().delete(nodes().get(0), -1);
    time.advance(Duration.ofSeconds(45));
    await().until(() -> told.size() == 3);
    assertThat(told).containsExactly("owned", "missing: the node is missing", "owned");
    assertThat(nodes()).hasSize(1);
  }

  @Test
  void update_whileDisconnected_isWrittenAfterwards() {
    OwnedNode node = own("a", "1");
    await().until(() -> nodes().size() == 1);
    Reconnect.breakOff(inside.client, proxy);
    inside.doOnLoop(() -> node.update(bytes("2")));
    proxy.heal();
    await().until(() -> data(inside.onLoop(node::ownedPath)).equals("2"));
    assertThat(nodes()).hasSize(1);
    assertThat(told).containsExactly("owned");
  }

  @Test
  void update_lostAndTakenBack_theOldDataStandInTheEnd() throws Exception {
    OwnedNode node = own("a", "1");
    await().until(() -> nodes().size() == 1);
    Fault fault = proxy.cutAfter(Op.SET_DATA, 1);
    inside.doOnLoop(() -> node.update(bytes("2")));
    assertThat(fault.await(Duration.ofSeconds(20))).isTrue();
    inside.doOnLoop(() -> node.update(bytes("1")));
    await().until(() -> inside.client.session().state() == SessionState.CONNECTED);
    await().until(() -> data(inside.onLoop(node::ownedPath)).equals("1"));
  }

  @ParameterizedTest
  @CsvSource({"CREATE2,true", "CREATE2,false", "GET_DATA,true"})
  void close_inTheMiddleOfTheCreate_leavesNoNode(Op op, boolean before) throws Exception {
    if (op == Op.GET_DATA) {
      proxy.cutAfter(Op.CREATE2, 1); // the node exists, and is being looked up
    }
    Fault fault = before ? proxy.cutBefore(op, 1) : proxy.cutAfter(op, 1);
    OwnedNode node = own("a", "1");
    assertThat(fault.await(Duration.ofSeconds(20))).isTrue();
    var gone = inside.onLoop(node::close);
    Inside.get(gone);
    inside.client.awaitConnected(Duration.ofSeconds(20));
    assertThat(nodes()).isEmpty();
    assertThat(inside.client.budget().used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void schedules_realFaults_endWithWhatIsWantedAndNothingElse(long seed) throws Exception {
    Random chance = new Random(seed);
    List<OwnedNode> open = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      int what = chance.nextInt(12);
      if (what < 4) {
        wanted.add(i + ".0");
        open.add(own("n" + i, i + ".0"));
      } else if (what < 7 && !open.isEmpty()) {
        int which = chance.nextInt(open.size());
        String data = i + ".1";
        wanted.set(which, data);
        inside.doOnLoop(() -> open.get(which).update(bytes(data)));
      } else if (what < 9 && !open.isEmpty()) {
        int which = chance.nextInt(open.size());
        wanted.remove(which);
        inside.doOnLoop(open.remove(which)::close);
      } else {
        fault(chance);
      }
    }
    proxy.heal();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(contents()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(wanted));
    assertThat(inside.onLoop(() -> inside.client.debt().size())).isZero();
  }

  private void fault(Random chance) throws InterruptedException {
    switch (chance.nextInt(6)) {
      case 0 -> proxy.cut();
      case 1 -> proxy.cutAfter(Op.CREATE2, 1 + chance.nextInt(2));
      case 2 -> proxy.cutBefore(Op.DELETE, 1);
      case 3 -> proxy.cutAfter(Op.SET_DATA, 1);
      case 4 ->
        inside
            .onLoop(inside.client::handle)
            .map(handle -> ((WireHandle) handle).zooKeeper())
            .ifPresent(OwnedNodesIT::expire);
      default ->
        inside
            .onLoop(inside.client::handle)
            .map(handle -> ((WireHandle) handle).zooKeeper())
            .filter(zk -> zk.getState().isAlive())
            .ifPresent(zk -> zooKeeper.server().expire(zk.getSessionId()));
    }
  }

  /** Ends the session at the client first; the server follows at once, or the test would wait for it. */
  private static void expire(ZooKeeper client) {
    Sessions.expireOnClient(client);
    zooKeeper.server().expire(client.getSessionId());
  }

  private OwnedNode own(String name, String data) {
    return inside.onLoop(() -> inside
        .client
        .ownedNodes()
        .own(Folders.root(inside.client), naming(name), bytes(data), listener()));
  }

  private OwnedNode own(Folders folders, String name) {
    return inside.client.ownedNodes().own(folders, naming(name), bytes("1"), listener());
  }

  private LongFunction<ZkPath> naming(String name) {
    return incarnation -> inside.path(name + "-" + Long.toHexString(incarnation));
  }

  private OwnedNode.Listener listener() {
    return new OwnedNode.Listener() {
      @Override
      public void onOwned(ZkPath path, Stat stat) {
        told.add("owned");
      }

      @Override
      public void onMissing(String reason) {
        told.add("missing: " + reason);
      }
    };
  }

  private List<String> nodes() {
    return zooKeeper.server().nodes(root).stream()
        .filter(ZkNode::ephemeral)
        .map(ZkNode::path)
        .toList();
  }

  private List<String> contents() {
    return nodes().stream().map(path -> data(new ZkPath(path))).toList();
  }

  private String data(ZkPath path) {
    try {
      byte[] data = inside.zooKeeper().getData(path.value(), false, null);
      return new String(data, StandardCharsets.UTF_8);
    } catch (KeeperException e) {
      return e.code().toString();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private ZkClientBuilder builder() {
    return ZkClient.builder(proxy.connectString()).root(root);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
