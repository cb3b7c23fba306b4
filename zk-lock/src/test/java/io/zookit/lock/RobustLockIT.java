package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Locks that tell whether the owner before died inside. */
class RobustLockIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration SESSION = Duration.ofSeconds(10);

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final FaultProxy proxy = world.proxy();

  private static DistributedLock robust(ZkClient client) {
    return DistributedLock.builder("a", client).robust().build();
  }

  private static Lease got(CompletableFuture<Lease> asked) throws Exception {
    return asked.get(20, TimeUnit.SECONDS);
  }

  /** An owner of an own session that ends without a release. */
  private void dieInside() throws Exception {
    CuratorFramework curator = world.curator(world.server.connectString());
    Lease lost = robust(world.clientOver(curator)).acquire(LockWorld.LONG);
    world.expire(curator);
    await().until(() -> lost.state() == LeaseState.LOST);
  }

  @Test
  void acquire_ownerBeforeDiedInside_isToldOnce() throws Exception {
    ZkClient client = world.client("next");
    dieInside();
    try (Lease next = robust(client).acquire(LockWorld.LONG)) {
      assertThat(next.previousOwnerDied()).isTrue();
    }
    try (Lease after = robust(client).acquire(LockWorld.LONG)) {
      assertThat(after.previousOwnerDied()).isFalse();
    }
  }

  @Test
  @Tag("full")
  void acquire_ownerBeforeDiedWhileWeWaited_isTold() throws Exception {
    CuratorFramework curator = world.curator(world.server.connectString());
    Lease lost = robust(world.clientOver(curator)).acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = robust(world.client("waiter")).acquireAsync();
    world.awaitQueue("a", 2);
    world.expire(curator);
    try (Lease next = got(waiting)) {
      assertThat(next.previousOwnerDied()).isTrue();
      assertThat(next.token()).isGreaterThan(lost.token());
    }
  }

  @Test
  @Tag("full")
  void acquire_nodeRemovedByAnOperator_countsAsDeath() throws Exception {
    Lease broken = robust(world.client("one")).acquire(LockWorld.LONG);
    world.delete(world.queue("a").get(0).path());
    try (Lease next = robust(world.client("two")).acquire(LockWorld.LONG)) {
      assertThat(next.previousOwnerDied()).isTrue();
    }
    await().until(() -> broken.state() == LeaseState.LOST);
  }

  @Test
  @Tag("full")
  void acquire_manyTimesInTurn_neverTellsOfADeath() throws Exception {
    DistributedLock one = robust(world.client("one"));
    DistributedLock two = robust(world.client("two"));
    for (int i = 0; i < 30; i++) {
      List<CompletableFuture<Boolean>> died = List.of(leave(one), leave(two));
      for (CompletableFuture<Boolean> each : died) {
        assertThat(each.get(20, TimeUnit.SECONDS)).isFalse();
      }
    }
  }

  private static CompletableFuture<Boolean> leave(DistributedLock lock) {
    return lock.acquireAsync().thenApply(lease -> {
      lease.close();
      return lease.previousOwnerDied();
    });
  }

  @Test
  void acquireAndClose_freeLock_costOneReadAndOneWriteMore() {
    ZkClient client = world.clientWithoutTimers(proxy);
    DistributedLock lock = robust(client);
    Lease first = lock.acquireAsync().join();
    first.close();
    first.released().join();
    proxy.resetCounters();
    Lease lease = lock.acquireAsync().join();
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.GET_DATA, Op.MULTI);
    lease.close();
    lease.released().join();
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.GET_DATA, Op.MULTI, Op.MULTI);
  }

  @Test
  @Tag("full")
  void close_cutBeforeOrAfterItsTransaction_isRepeatedAndNoDeathIsTold() throws Exception {
    DistributedLock lock = robust(world.client("cut", proxy, SESSION));
    DistributedLock other = robust(world.client("other"));
    for (boolean before : new boolean[] {true, false}) {
      Lease lease = lock.acquire(LockWorld.LONG);
      Fault fault = before ? proxy.cutBefore(Op.MULTI, 1) : proxy.cutAfter(Op.MULTI, 1);
      lease.close();
      assertThat(fault.await(LockWorld.LONG)).isTrue();
      try (Lease next = other.acquire(LockWorld.LONG)) {
        assertThat(next.previousOwnerDied()).isFalse();
      }
      assertThat(lease.released()).succeedsWithin(LockWorld.LONG);
    }
    world.awaitQueue("a", 0);
  }

  @Test
  @Tag("full")
  void acquire_cutBeforeOrAfterTheMark_isEnteredOnce() throws Exception {
    ZkClient client = world.client("cut", proxy, SESSION);
    robust(client).acquire(LockWorld.LONG).close();
    world.awaitQueue("a", 0);
    for (boolean before : new boolean[] {true, false}) {
      Fault fault = before ? proxy.cutBefore(Op.MULTI, 1) : proxy.cutAfter(Op.MULTI, 1);
      Lease lease = robust(client).acquire(LockWorld.LONG);
      assertThat(fault.landed()).isTrue();
      assertThat(lease.previousOwnerDied()).isFalse();
      assertThat(world.queue("a")).hasSize(1);
      lease.close();
      assertThat(lease.released()).succeedsWithin(LockWorld.LONG);
    }
    try (Lease next = robust(world.client("next")).acquire(LockWorld.LONG)) {
      assertThat(next.previousOwnerDied()).isFalse();
    }
  }

  @Test
  @Tag("full")
  void acquire_cancelledWhileItMarks_leavesNoMarkAndNoNode() throws Exception {
    ZkClient client = world.client("cut", proxy, SESSION);
    robust(client).acquire(LockWorld.LONG).close();
    world.awaitQueue("a", 0);
    proxy.refuse();
    Fault fault = proxy.cutAfter(Op.MULTI, 1);
    CompletableFuture<Lease> asked = robust(client).acquireAsync();
    assertThat(fault.await(LockWorld.LONG)).isTrue();
    asked.cancel(true);
    proxy.heal();
    world.awaitQueue("a", 0);
    try (Lease next = robust(world.client("next")).acquire(LockWorld.LONG)) {
      assertThat(next.previousOwnerDied()).isFalse();
    }
  }

  @Test
  @Tag("full")
  void acquire_timeOverWhileItMarks_failsAndLeavesNothing() throws Exception {
    ZkClient client = world.client("cut", proxy, SESSION);
    robust(client).acquire(LockWorld.LONG).close();
    world.awaitQueue("a", 0);
    proxy.refuse();
    Fault fault = proxy.cutBefore(Op.MULTI, 2);
    CompletableFuture<Lease> asked = robust(client).acquireAsync(Duration.ofMillis(300));
    assertThat(fault.await(LockWorld.LONG)).isTrue();
    assertThatThrownBy(() -> got(asked))
        .hasCauseInstanceOf(LockTimeoutException.class)
        .hasMessageContaining("is not read or marked yet");
    proxy.heal();
    world.awaitQueue("a", 0);
  }

  @Test
  @Tag("full")
  void robust_withDelay_waitsOnlyAfterADeath() throws Exception {
    ManualTimekeeper time = new ManualTimekeeper();
    ZkClient client = world.keep(ZkClient.builder(world.server.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(world.root)
        .sessionTimeout(Duration.ofSeconds(60))
        .timekeeper(time)
        .connect());
    DistributedLock lock =
        DistributedLock.builder("a", client).robust(Duration.ofSeconds(5)).build();
    lock.acquire().close();
    dieInside();
    int timers = time.pending();
    CompletableFuture<Lease> asked = lock.acquireAsync();
    await()
        .until(() -> time.pending() > timers); // the delay; the own node's watch is set for already
    time.advance(Duration.ofMillis(4_999));
    assertThat(asked).isNotDone();
    time.advance(Duration.ofMillis(1));
    try (Lease lease = got(asked)) {
      assertThat(lease.previousOwnerDied()).isTrue();
    }
    lock.acquire().close();
  }

  @Test
  void acquire_stateOfASemaphore_isRefused() throws Exception {
    ZkClient client = world.client("one");
    DistributedSemaphore.named("a", 3, client).acquire(1, LockWorld.LONG).close();
    world.awaitQueue("a", 0);
    assertThatThrownBy(() -> robust(client).acquire(LockWorld.LONG))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("is the state of a semaphore (expected: lock)");
    world.awaitQueue("a", 0);
  }

  @Test
  void acquire_nameThatIsTheFolderOfAnother_hasAStateOfItsOwn() throws Exception {
    ZkClient client = world.client("one");
    DistributedLock.builder("a/b", client)
        .robust()
        .build()
        .acquire(LockWorld.LONG)
        .close();
    robust(client).acquire(LockWorld.LONG).close();
    DistributedSemaphore.named("s/t", 2, client).acquire(1, LockWorld.LONG).close();
    DistributedSemaphore.named("s", 3, client).acquire(3, LockWorld.LONG).close();
    world.awaitQueue("a", 0);
  }

  @Test
  void tryAcquire_busyOrFree_isAsForEveryLock() throws Exception {
    ZkClient client = world.client("one");
    try (Lease held = robust(client).tryAcquire().orElseThrow()) {
      assertThat(robust(client).tryAcquire()).isEmpty();
      assertThat(held.previousOwnerDied()).isFalse();
      held.fenced().create(world.root + "/x", new byte[0]).commit().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void robust_badDelay_isRefused() {
    assertThatThrownBy(
            () -> DistributedLock.builder("a", world.client("x")).robust(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lockDelay: PT-1S (expected: zero or more)");
  }
}
