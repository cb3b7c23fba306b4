package io.zookit.lock;

import static java.util.Collections.singletonList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A few bytes under a lock. */
class StateCellIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final FaultProxy proxy = world.proxy();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(CellLease lease) {
    return new String(lease.value().orElse(bytes("none")), StandardCharsets.UTF_8);
  }

  private String content() throws InterruptedException {
    try (CellLease lease = StateCell.named("c", world.client("reader")).acquire(LockWorld.LONG)) {
      return text(lease);
    }
  }

  private ZkClient cut() {
    return world.client("cut", proxy, Duration.ofSeconds(10));
  }

  @Test
  void release_value_isThereForTheNextOwnerAndCloseLeavesIt() throws Exception {
    StateCell cell = StateCell.named("c", world.client("one"));
    CellLease first = cell.acquire(LockWorld.LONG);
    assertThat(first.value()).isEmpty();
    first.release(bytes("x")).get(20, TimeUnit.SECONDS);
    assertThat(first.state()).isEqualTo(LeaseState.RELEASED);
    try (CellLease second = cell.acquire(LockWorld.LONG)) {
      assertThat(text(second)).isEqualTo("x");
      assertThat(second.token()).isGreaterThan(first.token());
    }
    assertThat(content()).isEqualTo("x");
    world.awaitQueue("c", 0);
  }

  @Test
  void acquireAndRelease_warm_areTwoRequestsAndOne() {
    StateCell cell = StateCell.named("c", world.clientWithoutTimers(proxy));
    cell.acquireAsync().join().release(bytes("x")).join();
    proxy.resetCounters();
    CellLease lease = cell.acquireAsync().join();
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.GET_DATA);
    lease.release(bytes("y")).join();
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.GET_DATA, Op.MULTI);
  }

  @Test
  void acquire_afterAWait_readsAgainWhatTheOwnerBeforeLeft() throws Exception {
    CellLease first = StateCell.named("c", world.client("one")).acquire(LockWorld.LONG);
    CompletableFuture<CellLease> waiting =
        StateCell.named("c", world.client("two")).acquireAsync();
    world.awaitQueue("c", 2);
    first.release(bytes("x"));
    try (CellLease next = waiting.get(20, TimeUnit.SECONDS)) {
      assertThat(text(next)).isEqualTo("x");
    }
  }

  @Test
  void acquireAsync_cancelledWhileWaiting_withdrawsTheRequest() throws Exception {
    try (CellLease held = StateCell.named("c", world.client("one")).acquire(LockWorld.LONG)) {
      CompletableFuture<CellLease> waiting =
          StateCell.named("c", world.client("two")).acquireAsync();
      world.awaitQueue("c", 2);
      assertThat(waiting.cancel(true)).isTrue();
      world.awaitQueue("c", 1);
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  @Tag("full")
  void update_manyClientsAtOnce_losesNone() throws Exception {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      StateCell cell = StateCell.named("c", world.client("client" + i));
      all.add(CompletableFuture.runAsync(() -> {
        for (int n = 0; n < 25; n++) {
          try {
            cell.update(LockWorld.LONG, before -> new byte[before.length + 1]);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
      }));
    }
    CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);
    assertThat(content()).hasSize(100);
  }

  @Test
  @Tag("full")
  void update_cutAroundItsTransactions_countsEachOnce() throws Exception {
    StateCell cell = StateCell.named("c", cut());
    cell.update(LockWorld.LONG, before -> new byte[1]);
    for (int i = 0; i < 6; i++) {
      Fault fault = i % 2 == 0 ? proxy.cutBefore(Op.MULTI, 1) : proxy.cutAfter(Op.MULTI, 1);
      cell.update(LockWorld.LONG, before -> new byte[before.length + 1]);
      assertThat(fault.landed()).isTrue();
    }
    assertThat(content()).hasSize(7);
  }

  @Test
  @Tag("full")
  void release_cutAfterItsTransaction_isFoundWritten() throws Exception {
    CellLease lease = StateCell.named("c", cut()).acquire(LockWorld.LONG);
    lease.release(bytes("x")).get(20, TimeUnit.SECONDS);
    CellLease again = StateCell.named("c", cut()).acquire(LockWorld.LONG);
    proxy.refuse();
    Fault fault = proxy.cutAfter(Op.MULTI, 1);
    CompletableFuture<Void> written = again.release(bytes("y"));
    assertThat(fault.await(LockWorld.LONG)).isTrue();
    world.awaitQueue("c", 0);
    assertThat(written).isNotDone();
    proxy.heal();
    written.get(20, TimeUnit.SECONDS);
    assertThat(content()).isEqualTo("y");
  }

  @Test
  void release_nodeRemovedBefore_writesNothingAndSaysSo() throws Exception {
    StateCell cell = StateCell.named("c", world.client("one"));
    cell.update(LockWorld.LONG, before -> bytes("x"));
    CellLease lease = cell.acquire(LockWorld.LONG);
    world.delete(world.queue("c").get(0).path());
    assertThatThrownBy(() -> lease.release(bytes("y")).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(LockLostException.class);
    assertThat(content()).isEqualTo("x");
  }

  @Test
  @Tag("full")
  void release_sessionExpiredBefore_writesNothingAndSaysSo() throws Exception {
    CuratorFramework curator = world.curator(world.server.connectString());
    StateCell cell = StateCell.named("c", world.clientOver(curator));
    cell.update(LockWorld.LONG, before -> bytes("x"));
    CellLease lease = cell.acquire(LockWorld.LONG);
    world.expire(curator);
    await().until(() -> lease.state() == LeaseState.LOST);
    assertThatThrownBy(() -> lease.release(bytes("y")).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(LockLostException.class);
    assertThat(content()).isEqualTo("x");
  }

  @Test
  @Tag("full")
  void release_sessionEndsWithoutAnAnswer_saysThatTheOutcomeIsUnknown() throws Exception {
    CuratorFramework curator = world.curator(proxy.connectString());
    CellLease lease = StateCell.named("c", world.clientOver(curator)).acquire(LockWorld.LONG);
    proxy.refuse();
    Fault fault = proxy.cutAfter(Op.MULTI, 1);
    CompletableFuture<Void> written = lease.release(bytes("y"));
    assertThat(fault.await(LockWorld.LONG)).isTrue();
    world.expire(curator);
    proxy.heal();
    assertThatThrownBy(() -> written.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("outcome is unknown");
  }

  @Test
  void release_stateMayNotBeRead_saysSoAndGivesTheLockUp() throws Exception {
    ZkClient client = world.client("one");
    StateCell.named("d", client).update(LockWorld.LONG, before -> bytes("x"));
    CellLease lease = StateCell.named("c", client).acquire(LockWorld.LONG);
    ACL others = new ACL(ZooDefs.Perms.ALL, new Id("digest", "other:secret"));
    world.operate(admin -> admin.create(
        world.root + "/locks-state/c", bytes("{}"), singletonList(others), CreateMode.PERSISTENT));
    requireRefusedAndReleased(lease);
  }

  @Test
  void release_folderMayNotBeMade_saysSoAndGivesTheLockUp() throws Exception {
    CellLease lease = StateCell.named("c", world.client("one")).acquire(LockWorld.LONG);
    int allButCreate = ZooDefs.Perms.ALL & ~ZooDefs.Perms.CREATE;
    ACL noNewNodes = new ACL(allButCreate, ZooDefs.Ids.ANYONE_ID_UNSAFE);
    world.operate(admin -> admin.setACL(world.root, singletonList(noNewNodes), -1));
    requireRefusedAndReleased(lease);
  }

  private void requireRefusedAndReleased(CellLease lease) {
    CompletableFuture<Void> written = lease.release(bytes("y"));
    assertThatThrownBy(() -> written.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ZkAccessException.class);
    assertThat(lease.released()).succeedsWithin(LockWorld.LONG);
    world.awaitQueue("c", 0);
  }

  @Test
  void release_twiceOrAfterClose_isRefused() throws Exception {
    StateCell cell = StateCell.named("c", world.client("one"));
    CellLease lease = cell.acquire(LockWorld.LONG);
    lease.release(bytes("x")).get(20, TimeUnit.SECONDS);
    assertThatThrownBy(() -> lease.release(bytes("y")).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(LockLostException.class);
    CellLease closed = cell.acquire(LockWorld.LONG);
    closed.close();
    closed.released().get(20, TimeUnit.SECONDS);
    assertThatThrownBy(() -> closed.release(bytes("z")).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(LockLostException.class);
    assertThat(content()).isEqualTo("x");
  }

  @Test
  void release_tooMuch_isRefusedBeforeAnythingIsGivenUp() throws Exception {
    try (CellLease lease = StateCell.named("c", world.client("one")).acquire(LockWorld.LONG)) {
      assertThatThrownBy(() -> lease.release(new byte[StateCell.MOST_BYTES + 1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("value: 32769 bytes (expected: at most 32768)");
      assertThat(lease.isValid()).isTrue();
      lease.release(new byte[StateCell.MOST_BYTES]).get(20, TimeUnit.SECONDS);
    }
    assertThat(content()).hasSize(StateCell.MOST_BYTES);
  }

  @Test
  void update_actionThrows_writesNothingAndGivesTheLockUp() throws Exception {
    StateCell cell = StateCell.named("c", world.client("one"));
    cell.update(LockWorld.LONG, before -> bytes("x"));
    assertThatThrownBy(() -> cell.update(LockWorld.LONG, before -> {
          throw new IllegalArgumentException("no");
        }))
        .hasMessage("no");
    assertThat(content()).isEqualTo("x");
  }

  @Test
  @Tag("full")
  void release_besideADeadRobustOwnersMark_leavesTheMark() throws Exception {
    CuratorFramework curator = world.curator(world.server.connectString());
    Lease lost = DistributedLock.builder("c", world.clientOver(curator))
        .robust()
        .build()
        .acquire(LockWorld.LONG);
    world.expire(curator);
    await().until(() -> lost.state() == LeaseState.LOST);
    ZkClient client = world.client("one");
    StateCell.named("c", client).update(LockWorld.LONG, before -> bytes("x"));
    try (Lease next =
        DistributedLock.builder("c", client).robust().build().acquire(LockWorld.LONG)) {
      assertThat(next.previousOwnerDied()).isTrue();
    }
    assertThat(content()).isEqualTo("x");
  }
}
