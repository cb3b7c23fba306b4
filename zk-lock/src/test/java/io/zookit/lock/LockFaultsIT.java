package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.lock.internal.store.QueueEntry;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fair mutex when the connection, the session or the server fails. */
@Tag("full")
class LockFaultsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration SHORT_SESSION = Duration.ofSeconds(2);
  private static final Duration SESSION = Duration.ofSeconds(6);

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @Test
  void close_whileDisconnected_returnsAtOnceAndTheNodeGoesWithTheReconnect() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, SESSION);
    DistributedLock lock = DistributedLock.named("a", client);
    Lease lease = lock.acquire(LockWorld.LONG);
    proxy.refuse();
    proxy.cut();
    lease.close();
    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    CompletableFuture<Lease> again = lock.acquireAsync();
    proxy.heal();
    try (Lease next = again.get(20, TimeUnit.SECONDS)) {
      assertThat(next.token()).isGreaterThan(lease.token());
      lease.released().get(20, TimeUnit.SECONDS);
      assertThat(world.queue("a")).hasSize(1);
    }
  }

  @Test
  @Tag("full")
  void released_deleteIsRefused_staysOpenUntilTheNodeIsGone() throws Exception {
    FaultProxy proxy = world.proxy();
    DistributedLock lock = DistributedLock.named("a", world.client("refused", proxy, SESSION));
    Lease lease = lock.acquire(LockWorld.LONG);
    List<ACL> readOnly =
        Arrays.asList(new ACL(Perms.READ | Perms.CREATE | Perms.ADMIN, Ids.ANYONE_ID_UNSAFE));
    world.operate(admin -> admin.setACL(world.queuePath("a"), readOnly, -1));
    proxy.resetCounters();
    lease.close();
    await().until(() -> proxy.requests(Op.DELETE) == 1);
    lock.tryAcquire(); // is answered behind the delete
    assertThat(lease.released()).isNotDone();
    assertThat(world.queue("a")).isNotEmpty();
    world.operate(admin -> admin.setACL(world.queuePath("a"), Ids.OPEN_ACL_UNSAFE, -1));
    proxy.cut(); // what is owed is sent again after a reconnect, too
    lease.released().get(30, TimeUnit.SECONDS);
    world.awaitQueue("a", 0);
  }

  @Test
  void acquireAsync_cancelledWhileItsCreateIsUnanswered_leavesNoNode() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, SESSION);
    DistributedLock lock = DistributedLock.named("a", client);
    lock.acquire(LockWorld.LONG).close();
    proxy.refuse();
    Fault lostAnswer = proxy.cutAfter(Op.MULTI, 1);
    CompletableFuture<Lease> asked = lock.acquireAsync();
    assertThat(lostAnswer.await(LockWorld.LONG)).isTrue();
    world.awaitQueue("a", 1);
    asked.cancel(true);
    proxy.heal();
    world.awaitQueue("a", 0);
  }

  @Test
  void acquire_answerToItsCreateLost_takesTheNodeThatWasMade() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, SESSION);
    DistributedLock lock = DistributedLock.named("a", client);
    lock.acquire(LockWorld.LONG).close();
    Fault lostAnswer = proxy.cutAfter(Op.MULTI, 1);
    proxy.resetCounters();
    try (Lease lease = lock.acquire(LockWorld.LONG)) {
      assertThat(lostAnswer.landed()).isTrue();
      assertThat(lease.isValid()).isTrue();
      assertThat(world.queue("a")).hasSize(1);
      assertThat(proxy.requests(Op.MULTI)).isEqualTo(1);
    }
  }

  @Test
  void lease_sameSessionReconnect_isSuspectThenHeldWithTheSameToken() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, SESSION);
    Lease lease = DistributedLock.named("a", client).acquire(LockWorld.LONG);
    proxy.refuse();
    proxy.cut();
    await().untilAsserted(() -> assertThat(lease.state()).isEqualTo(LeaseState.SUSPECT));
    assertThat(lease.isValid()).isFalse();
    proxy.heal();
    await().untilAsserted(() -> assertThat(lease.state()).isEqualTo(LeaseState.HELD));
    assertThat(lease.isValid()).isTrue();
    lease.close();
  }

  @Test
  void lease_nodeRemovedWhileDisconnected_isLostAfterTheReconnect() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, SESSION);
    Lease lease = DistributedLock.named("a", client).acquire(LockWorld.LONG);
    proxy.refuse();
    proxy.cut();
    world.delete(world.queue("a").get(0).path());
    proxy.heal();
    await().untilAsserted(() -> assertThat(lease.state()).isEqualTo(LeaseState.LOST));
  }

  @Test
  void lease_sessionExpiredByTheServer_isLostAndTheWaiterFollowsWithAGreaterToken()
      throws Exception {
    CuratorFramework curator = world.curator(world.server.connectString());
    ZkClient holder = world.clientOver(curator);
    ZkClient waiter = world.client("waiter");
    CompletableFuture<Lease> told = new CompletableFuture<>();
    Lease lost = DistributedLock.named("a", holder).acquire(LockWorld.LONG);
    lost.onLost(told::complete);
    CompletableFuture<Lease> waiting = DistributedLock.named("a", waiter).acquireAsync();
    world.awaitQueue("a", 2);
    world.expire(curator);
    try (Lease next = waiting.get(20, TimeUnit.SECONDS)) {
      assertThat(next.token()).isGreaterThan(lost.token());
    }
    assertThat(told.get(20, TimeUnit.SECONDS).state()).isEqualTo(LeaseState.LOST);
    assertThat(lost.released()).succeedsWithin(LockWorld.LONG);
    await().until(() -> holder.session().state() == SessionState.CONNECTED);
    DistributedLock.named("a", holder).acquire(LockWorld.LONG).close();
  }

  @Test
  @Tag("full")
  void waiter_sessionExpiredByTheServer_queuesAgainInItsNewSession() throws Exception {
    ZkClient holder = world.client("holder");
    CuratorFramework curator = world.curator(world.server.connectString());
    ZkClient waiter = world.clientOver(curator);
    Lease held = DistributedLock.named("a", holder).acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = DistributedLock.named("a", waiter).acquireAsync();
    world.awaitQueue("a", 2);
    ZkNode first = world.queue("a").get(1);
    world.expire(curator);
    await().until(() -> world.queue("a").size() == 2 && !world.queue("a").contains(first));
    assertThat(waiting).isNotDone();
    held.close();
    waiting.get(20, TimeUnit.SECONDS).close();
  }

  /** Curator 5.9.0 grants here on the node of the expired session (CURATOR-604); see the control below. */
  @Test
  @Tag("full")
  void waiter_serverDownLongerThanTheSession_neverGrantsOnItsOldNode() throws Exception {
    try (ZkServer own = ZkServer.start();
        LockWorld there = new LockWorld(own, "/zombie")) {
      ZkClient holder = there.client("holder", own.connectString(), Duration.ofSeconds(10));
      // Curator drops the session, and its node stays for a while.
      ZkClient waiter = there.clientOver(there.curator(own.connectString(), SHORT_SESSION));
      Lease held = DistributedLock.named("a", holder).acquire(LockWorld.LONG);
      CompletableFuture<Lease> waiting = DistributedLock.named("a", waiter).acquireAsync();
      there.awaitQueue("a", 2);
      String zombie = there.queue("a").get(1).path();
      own.stop();
      await().atMost(LockWorld.LONG).until(() -> waiter.session().state() == SessionState.LOST);
      own.restart();
      await()
          .atMost(LockWorld.LONG)
          .until(() -> waiter.session().state() == SessionState.CONNECTED);
      await().atMost(LockWorld.LONG).until(() -> held.state() == LeaseState.HELD);
      held.close();
      try (Lease next = waiting.get(30, TimeUnit.SECONDS)) {
        List<ZkNode> queue = there.queue("a");
        assertThat(queue).extracting(ZkNode::path).doesNotContain(zombie);
        assertThat(queue).hasSize(1);
        assertThat(next.isValid()).isTrue();
      }
    }
  }

  @Test
  @Tag("full")
  void lease_blackHoledConnection_isNotValidFromItsDeadlineOn() throws Exception {
    FaultProxy proxy = world.proxy();
    ManualTimekeeper time = new ManualTimekeeper();
    ZkClient client = world.keep(ZkClient.builder(proxy.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(world.root)
        .sessionTimeout(Duration.ofSeconds(60))
        .timekeeper(time)
        .connect());
    Lease lease = DistributedLock.named("a", client).acquire();
    assertThat(lease.isValid()).isTrue();
    proxy.blackHole();
    time.advance(client.session().timeout());
    assertThat(lease.isValid()).isFalse();
    assertThat(lease.state()).isEqualTo(LeaseState.SUSPECT);
    assertThat(client.session().state()).isEqualTo(SessionState.SUSPECT);
  }

  @Test
  void tryAcquire_notConnected_failsAtOnce() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, SESSION);
    proxy.refuse();
    proxy.cut();
    await().until(() -> client.session().state() != SessionState.CONNECTED);
    assertThatThrownBy(() -> DistributedLock.named("a", client).tryAcquire())
        .isInstanceOf(ZkUnavailableException.class);
  }

  @Test
  void acquire_notConnected_timesOutOnItsOwnDeadline() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, SESSION);
    proxy.refuse();
    proxy.cut();
    await().until(() -> client.session().state() != SessionState.CONNECTED);
    assertThatThrownBy(() -> DistributedLock.named("a", client).acquire(Duration.ofMillis(100)))
        .isInstanceOf(LockTimeoutException.class)
        .hasMessageContaining("not connected to ZooKeeper");
  }

  @Test
  void acquire_interrupted_leavesNoNode() throws Exception {
    ZkClient holder = world.client("holder");
    ZkClient waiter = world.client("waiter");
    try (Lease held = DistributedLock.named("a", holder).acquire(LockWorld.LONG)) {
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread thread = new Thread(() -> {
        try {
          DistributedLock.named("a", waiter).acquire().close();
          ended.complete(new AssertionError("granted"));
        } catch (InterruptedException e) {
          ended.complete(e);
        }
      });
      thread.start();
      world.awaitQueue("a", 2);
      thread.interrupt();
      assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      world.awaitQueue("a", 1);
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  @Tag("full")
  void acquire_interruptedAtRandomMoments_leavesNothing() throws Exception {
    long seed = Long.getLong("zookit.seed", System.identityHashCode(this));
    System.out.println("zookit.seed=" + seed);
    Random random = new Random(seed);
    ZkClient client = world.client("interrupted");
    DistributedLock lock = DistributedLock.named("a", client);
    for (int i = 0; i < 150; i++) {
      Thread thread = new Thread(() -> {
        try {
          lock.acquire().close();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      thread.start();
      int spins = random.nextInt(200_000);
      for (int s = 0; s < spins; s++) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      thread.join(20_000);
      assertThat(thread.isAlive()).isFalse();
    }
    world.awaitQueue("a", 0);
    DistributedLock.named("a", world.client("next")).acquire(LockWorld.LONG).close();
  }

  @Test
  void acquire_sequenceUsedUp_isRefusedWithAClearError() throws Exception {
    ZkClient client = world.client("late");
    DistributedLock lock = DistributedLock.named("a", client);
    Lease first = lock.acquire(LockWorld.LONG);
    world.server.setSequence(world.queuePath("a"), Integer.MAX_VALUE - 3);
    assertThatThrownBy(() -> lock.acquire(LockWorld.LONG))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("sequence numbers are used up");
    world.awaitQueue("a", 1);
    first.close();
  }

  @Test
  void close_sequenceNearExhaustion_startsTheNumbersAgainAndTheTokenStillRises() throws Exception {
    ZkClient client = world.client("late");
    DistributedLock lock = DistributedLock.named("a", client);
    lock.acquire(LockWorld.LONG).close();
    world.awaitQueue("a", 0);
    world.server.setSequence(world.queuePath("a"), QueueEntry.SEQUENCE_RENEWAL);
    Lease late = lock.acquire(LockWorld.LONG);
    late.close();
    late.released().get(20, TimeUnit.SECONDS);
    try (Lease fresh = lock.acquire(LockWorld.LONG)) {
      assertThat(fresh.token()).isGreaterThan(late.token());
      assertThat(world.queue("a").get(0).path()).endsWith("-0000000000");
    }
  }

  @Test
  void acquire_folderRemovedBetween_isMadeAgain() throws Exception {
    ZkClient client = world.client("reaped");
    DistributedLock lock = DistributedLock.named("a", client);
    lock.acquire(LockWorld.LONG).close();
    world.awaitQueue("a", 0);
    world.delete(world.queuePath("a"));
    world.delete(world.root + "/locks/a");
    lock.acquire(LockWorld.LONG).close();
  }

  @Test
  void acquire_foreignNodesInTheQueue_areIgnored() throws Exception {
    ZkClient client = world.client("one");
    DistributedLock lock = DistributedLock.named("a", client);
    lock.acquire(LockWorld.LONG).close();
    try (org.apache.zookeeper.ZooKeeper foreign =
        new org.apache.zookeeper.ZooKeeper(world.server.connectString(), 10_000, event -> {})) {
      await().until(() -> foreign.getState().isConnected());
      foreign.create(
          world.queuePath("a") + "/README",
          new byte[0],
          org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE,
          org.apache.zookeeper.CreateMode.EPHEMERAL);
      lock.acquire(LockWorld.LONG).close();
    }
  }

  @Test
  void acquire_ephemeralBudgetUsedUp_isRefusedBeforeAnyRequestAndFreeAgainAfterwards()
      throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("poor", proxy, Duration.ofSeconds(60));
    DistributedLock lock = DistributedLock.named("a", client);
    lock.acquire(LockWorld.LONG).close();
    world.awaitQueue("a", 0);
    EphemeralBudget budget = CoreClient.of(client).budget();
    List<EphemeralBudget.Reservation> taken = new ArrayList<>();
    for (ZkPath filler : List.of(ZkPath.absolute("/" + "x".repeat(128)), ZkPath.absolute("/x"))) {
      assertThatThrownBy(() -> {
            while (true) {
              taken.add(budget.reserve(filler));
            }
          })
          .isInstanceOf(EphemeralBudgetException.class);
    }
    proxy.resetCounters();
    assertThatThrownBy(() -> lock.acquire(LockWorld.LONG))
        .isInstanceOf(EphemeralBudgetException.class);
    assertThat(proxy.recorded()).isEmpty();
    taken.forEach(EphemeralBudget.Reservation::close);
    for (int i = 0; i < 3; i++) {
      Lease lease = lock.acquire(LockWorld.LONG);
      lease.close();
      lease.released().get(20, TimeUnit.SECONDS);
    }
    // The caller is answered before the loop has released the budget, so a moment may pass.
    await().until(() -> budget.used() == 0);
  }
}
