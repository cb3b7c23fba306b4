package io.zookit.core.internal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Reconnect;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.WireHandle;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Deletes that must happen, whatever the connection does. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class GuaranteedDeletesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private FaultProxy proxy;
  private Inside inside;

  @BeforeEach
  void connect() {
    proxy = FaultProxy.to(zooKeeper.server());
    inside = Inside.connect(ZkClient.builder(proxy.connectString()).root(zooKeeper.freshRoot()));
    inside.withRoot();
  }

  @AfterEach
  void disconnect() {
    inside.close();
    proxy.close();
  }

  @Test
  void delete_connected_isGoneWhenDone() throws Exception {
    make("x");
    delete("x").get(20, TimeUnit.SECONDS);
    assertThat(nodes()).isEmpty();
    assertThat(owed()).isZero();
  }

  @Test
  void delete_nodeThatIsNotThere_isDone() throws Exception {
    delete("never").get(20, TimeUnit.SECONDS);
    assertThat(owed()).isZero();
  }

  @Test
  void delete_twice_isOneDebt() throws Exception {
    make("x");
    long before = proxy.requests(Op.DELETE);
    List<CompletableFuture<Void>> both = inside.onLoop(() -> {
      SessionHandle handle = inside.client.handle().orElseThrow();
      return List.of(
          inside.client.debt().delete(handle, inside.path("x")),
          inside.client.debt().delete(handle, inside.path("x")));
    });
    both.get(1).get(20, TimeUnit.SECONDS);
    assertThat(both.get(0)).isDone();
    assertThat(proxy.requests(Op.DELETE)).isEqualTo(before + 1);
  }

  @Test
  void delete_cutBeforeOrAfterIt_isGoneWhenDone() throws Exception {
    for (int i = 0; i < 2; i++) {
      make("x");
      Fault fault = i == 0 ? proxy.cutBefore(Op.DELETE, 1) : proxy.cutAfter(Op.DELETE, 1);
      CompletableFuture<Void> gone = delete("x");
      assertThat(fault.await(Duration.ofSeconds(20))).isTrue();
      gone.get(20, TimeUnit.SECONDS);
      assertThat(nodes()).isEmpty();
      assertThat(owed()).isZero();
    }
  }

  @Test
  void delete_whileDisconnected_isSentBeforeAnythingElseAfterTheReconnect() throws Exception {
    make("x");
    make("y");
    Reconnect.breakOff(inside.client, proxy);
    CompletableFuture<Void> first = delete("x");
    CompletableFuture<Void> second = delete("y");
    assertThat(first).isNotDone();
    assertThat(owed()).isEqualTo(2);
    sendAsSoonAsPossible();
    proxy.resetCounters();
    proxy.heal();
    first.get(20, TimeUnit.SECONDS);
    second.get(20, TimeUnit.SECONDS);
    assertThat(nodes()).isEmpty();
    List<Op> sent = new ArrayList<>(proxy.recorded());
    sent.removeIf(op -> op == Op.SET_WATCHES || op == Op.SET_WATCHES2);
    assertThat(sent).startsWith(Op.DELETE, Op.DELETE);
  }

  @Test
  void delete_sessionEndsMeanwhile_isDoneAndNothingIsOwed() throws Exception {
    make("x");
    Reconnect.breakOff(inside.client, proxy);
    CompletableFuture<Void> gone = delete("x");
    Sessions.expireOnServer(inside.zooKeeper(), zooKeeper.connectString());
    proxy.heal();
    gone.get(20, TimeUnit.SECONDS);
    assertThat(nodes()).isEmpty();
    assertThat(owed()).isZero();
  }

  @Test
  void delete_sessionOverAlready_isDoneAtOnce() throws Exception {
    WireHandle old = inside.handle();
    zooKeeper.server().expire(old.zooKeeper().getSessionId());
    await().until(old::isOver);
    assertThat(inside.onLoop(() -> inside.client.debt().delete(old, inside.path("x"))))
        .isDone();
  }

  @Test
  void delete_forbidden_staysOwedAndIsSentAgainAfterAReconnect() throws Exception {
    make("x");
    ACL closed = new ACL(Perms.READ | Perms.ADMIN, Ids.ANYONE_ID_UNSAFE);
    inside.zooKeeper().setACL(inside.client.root(), Collections.singletonList(closed), -1);
    CompletableFuture<Void> gone = delete("x");
    inside.<Boolean>ask((handle, reply) -> handle.sync(inside.client.rootPath(), reply));
    assertThat(gone).isNotDone();
    assertThat(owed()).isEqualTo(1);
    assertThat(nodes()).hasSize(1);
    inside.zooKeeper().setACL(inside.client.root(), Ids.OPEN_ACL_UNSAFE, -1);
    Reconnect.force(inside.client, proxy);
    gone.get(30, TimeUnit.SECONDS);
    assertThat(nodes()).isEmpty();
    assertThat(owed()).isZero();
  }

  @Test
  void delete_manyOverManyCuts_allAreGone() throws Exception {
    int count = 300;
    for (int i = 0; i < count; i++) {
      make("n" + i);
    }
    List<CompletableFuture<Void>> all = new ArrayList<>();
    proxy.cutAfter(Op.DELETE, 50);
    for (int i = 0; i < count; i++) {
      all.add(delete("n" + i));
      if (i == 150) {
        proxy.cutBefore(Op.DELETE, 70);
      }
    }
    for (CompletableFuture<Void> each : all) {
      each.get(30, TimeUnit.SECONDS);
    }
    assertThat(nodes()).isEmpty();
    assertThat(owed()).isZero();
  }

  @Test
  void close_debtUnderWay_waitsForIt() throws Exception {
    make("x");
    proxy.delayReplies(Duration.ofMillis(300));
    CompletableFuture<Void> gone = delete("x");
    inside.close();
    assertThat(gone).isDone();
    assertThat(nodes()).isEmpty();
  }

  /** Sends a request in the very moment in which the connection is back. */
  private void sendAsSoonAsPossible() {
    inside.client.loop().execute(() -> {
      SessionHandle handle = inside.client.handle().orElseThrow();
      if (handle.isConnected()) {
        handle.list(inside.client.rootPath(), listed -> {});
      } else if (inside.client.session().state() != SessionState.LOST) {
        inside.client.executor().execute(this::sendAsSoonAsPossible);
      }
    });
  }

  private void make(String name) {
    Answer<SessionHandle.Created> made = inside.ask((handle, reply) -> handle.create(
        inside.path(name),
        new byte[0],
        inside.client.acl(inside.path(name)),
        CreateMode.EPHEMERAL,
        reply));
    assertThat(made.isOk()).isTrue();
  }

  private CompletableFuture<Void> delete(String name) {
    return inside.onLoop(
        () -> inside.client.debt().delete(inside.client.handle().orElseThrow(), inside.path(name)));
  }

  private int owed() {
    return inside.onLoop(() -> inside.client.debt().size());
  }

  private List<String> nodes() {
    return zooKeeper.server().nodes(inside.client.root()).stream()
        .filter(ZkNode::ephemeral)
        .map(ZkNode::path)
        .toList();
  }
}
