package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The requests that locks cost, counted at a proxy in front of the server. */
@Tag("full")
class LockCostIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration FOREVER = Duration.ofHours(1);

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private FaultProxy proxy;
  private ZkClient client;
  private DistributedLock lock;

  @BeforeEach
  void warmUp() throws Exception {
    world.awaitNoWatch();
    proxy = world.proxy();
    client = world.clientWithoutTimers(proxy);
    lock = DistributedLock.named("cost", client);
    release(lock.acquire(LockWorld.LONG));
    proxy.resetCounters();
  }

  @Test
  void acquireAndRelease_freeLock_areOneTransactionAndOneDelete() throws Exception {
    Lease lease = lock.acquire(LockWorld.LONG);
    assertThat(proxy.recorded()).containsExactly(Op.MULTI);
    release(lease);
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.DELETE);
  }

  @Test
  void acquireAndRelease_againAndAgain_areOneTransactionTogether() throws Exception {
    Lease lease = lock.acquire(LockWorld.LONG);
    for (int i = 0; i < 200; i++) {
      lease.close();
      lease = lock.acquire(LockWorld.LONG);
    }
    // 2 each without it; a thread that is stopped between close and acquire may be too late now and
    // then
    assertThat(proxy.requests(Op.ANY)).isLessThan(300);
    assertThat(proxy.requests(Op.GET_CHILDREN)).isZero();
  }

  @Test
  void acquireAndRelease_newLock_areOneTransactionAndOneDelete() throws Exception {
    Lease lease = DistributedLock.named("new", client).acquire(LockWorld.LONG);
    release(lease);
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.DELETE);
  }

  @Test
  void acquire_lockOfOthersThatIsFree_isARefusedTransactionAndOne() throws Exception {
    release(DistributedLock.named("theirs", world.client("other")).acquire(LockWorld.LONG));
    release(DistributedLock.named("theirs", client).acquire(LockWorld.LONG));
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.MULTI, Op.DELETE);
  }

  @Test
  void acquire_newNestedLock_areTwoRoundTrips() throws Exception {
    proxy.delayReplies(FOREVER);
    CompletableFuture<Lease> asked = DistributedLock.named("new/a/b", client).acquireAsync();
    await().until(() -> proxy.requests(Op.ANY) == 1);
    proxy.heal();
    release(asked.get(30, TimeUnit.SECONDS));
    assertThat(proxy.requests(Op.MULTI)).isEqualTo(2);
    assertThat(proxy.requests(Op.DELETE)).isEqualTo(1);
  }

  @Test
  void acquire_lockThatOthersUsed_isACreateAndAListingInOneRoundTrip() throws Exception {
    DistributedLock theirs = DistributedLock.named("cost", world.client("other"));
    try (Lease held = theirs.acquire(LockWorld.LONG)) {
      assertThat(lock.tryAcquire()).isEmpty(); // from now on it is known that others use it
      assertThat(held.isValid()).isTrue();
    }
    world.awaitQueue("cost", 0);
    release(inOneRoundTrip(lock, Op.CREATE2, Op.GET_CHILDREN));
    proxy.resetCounters();
    release(lock.acquire(LockWorld.LONG));
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.DELETE);
  }

  @Test
  void close_lease_isOneRequestThatNobodyWaitsFor() throws Exception {
    Lease lease = lock.acquire(LockWorld.LONG);
    proxy.resetCounters();
    proxy.delayReplies(FOREVER);
    lease.close(); // returns although no answer can come
    await().until(() -> proxy.requests(Op.ANY) == 1);
    assertThat(lease.released()).isNotDone();
    proxy.heal();
    lease.released().get(20, TimeUnit.SECONDS);
    assertThat(proxy.recorded()).containsExactly(Op.DELETE);
  }

  @Test
  void tryAcquire_busyLock_isOneRead() throws Exception {
    ZkClient other = world.client("other");
    try (Lease held = DistributedLock.named("cost", other).acquire(LockWorld.LONG)) {
      assertThat(lock.tryAcquire()).isEmpty();
      assertThat(held.isValid()).isTrue();
    }
    assertThat(proxy.recorded()).containsExactly(Op.GET_CHILDREN);
  }

  @Test
  void tryAcquire_freeLock_isTwoRequests() throws Exception {
    Lease lease = lock.tryAcquire().orElseThrow();
    assertThat(proxy.recorded()).containsExactly(Op.GET_CHILDREN, Op.MULTI);
    release(lease);
  }

  @Test
  void handOff_onePredecessorLeft_isOneEventAndNoRequestForTheNewHolder() throws Exception {
    ZkClient other = world.client("other");
    Lease held = DistributedLock.named("cost", other).acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = lock.acquireAsync();
    await().until(() -> proxy.requests(Op.GET_DATA) == 2); // of the own node and of the holder's
    PacketCounts before = proxy.counts();
    held.close();
    Lease lease = waiting.get(20, TimeUnit.SECONDS);
    PacketCounts handOff = proxy.counts().minus(before);
    assertThat(handOff.total()).isZero();
    assertThat(handOff.watchEvents()).isEqualTo(1);
    release(lease);
  }

  @Test
  void acquire_permits_areOneTransaction() throws Exception {
    DistributedSemaphore semaphore = DistributedSemaphore.named("permits", 9, client);
    release(semaphore.acquire(1, LockWorld.LONG)); // the maximum is known from now on
    proxy.resetCounters();
    release(semaphore.permits(5).acquire(LockWorld.LONG));
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.DELETE);
  }

  @Test
  void acquire_several_isOneMultiAndOneMultiReadInOneRoundTrip() throws Exception {
    DistributedLock several = DistributedLock.several(client)
        .exclusive("m1")
        .shared("m2")
        .exclusive("m3")
        .build();
    release(several.acquire(LockWorld.LONG));
    release(inOneRoundTrip(several, Op.MULTI, Op.MULTI_READ));
  }

  /** Both are out before anything has come back. */
  private Lease inOneRoundTrip(DistributedLock free, Op first, Op second) throws Exception {
    proxy.resetCounters();
    proxy.delayReplies(FOREVER);
    CompletableFuture<Lease> asked = free.acquireAsync();
    await().atMost(LockWorld.LONG).until(() -> proxy.requests(Op.ANY) == 2);
    assertThat(asked).isNotDone();
    proxy.heal();
    Lease lease = asked.get(20, TimeUnit.SECONDS);
    assertThat(proxy.recorded()).containsExactly(first, second);
    return lease;
  }

  @Test
  void handOff_insideTheProcess_isNoRequest() throws Exception {
    DistributedLock shared =
        DistributedLock.builder("cost", client).localHandOff(10).build();
    Lease first = shared.acquire(LockWorld.LONG);
    CompletableFuture<Lease> asked = shared.acquireAsync();
    LockWorld.settle(client); // the node is watched since a request waits behind its owner
    proxy.resetCounters();
    proxy.delayReplies(FOREVER); // not even one on its way is needed
    first.close();
    Lease second = asked.get(20, TimeUnit.SECONDS);
    assertThat(proxy.recorded()).isEmpty();
    proxy.heal();
    release(second);
  }

  /** 40 packets each at 60 waiters, and more with more, in CURATOR-716. */
  @Test
  void acquire_sixtyWaitersOfOneProcess_costAConstantNumberOfRequestsEach() throws Exception {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    Lease first = lock.acquire(LockWorld.LONG);
    for (int i = 0; i < 60; i++) {
      all.add(lock.acquireAsync().thenAccept(Lease::close));
    }
    world.awaitQueue("cost", 61);
    assertThat(lock.tryAcquire()).isEmpty(); // its listing is answered with theirs, or after them
    first.close();
    CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);
    world.awaitQueue("cost", 0);
    assertThat(proxy.requests(Op.GET_DATA)).isZero(); // they follow one another
    assertThat(proxy.requests(Op.MULTI) + proxy.requests(Op.CREATE2) + proxy.requests(Op.DELETE))
        .isEqualTo(61 * 2); // a create and a delete each
    assertThat(proxy.requests(Op.GET_CHILDREN)).isLessThanOrEqualTo(61); // most share one
  }

  /** Each callback closes its lease at once, on the thread that grants: the next grant is a step of its own. */
  @Test
  void acquire_thousandWaitersThatCloseAtOnce_areServedWithoutADeepStack() throws Exception {
    List<CompletableFuture<Integer>> depths = new ArrayList<>();
    Lease first = lock.acquire(LockWorld.LONG);
    for (int i = 0; i < 1_000; i++) {
      depths.add(lock.acquireAsync().thenApply(lease -> {
        lease.close();
        return Thread.currentThread().getStackTrace().length;
      }));
    }
    world.awaitQueue("cost", 1_001);
    first.close();
    for (CompletableFuture<Integer> depth : depths) {
      assertThat(depth.get(60, TimeUnit.SECONDS)).isLessThan(200);
    }
    world.awaitQueue("cost", 0);
    assertThat(proxy.requests(Op.MULTI) + proxy.requests(Op.CREATE2) + proxy.requests(Op.DELETE))
        .isEqualTo(2 * 1_001); // a create and a delete each
    world.awaitNoEntry(client);
  }

  @Test
  void acquire_queueThatMayNotBeWritten_isACreateAndAListing() throws Exception {
    int without = ZooDefs.Perms.ALL & ~ZooDefs.Perms.WRITE;
    world.operate(admin -> admin.setACL(
        world.queuePath("cost"),
        new ArrayList<>(List.of(new ACL(without, ZooDefs.Ids.ANYONE_ID_UNSAFE))),
        -1));
    release(lock.acquire(LockWorld.LONG));
    assertThat(proxy.recorded())
        .containsExactly(Op.MULTI, Op.CREATE2, Op.GET_CHILDREN, Op.DELETE); // the first is refused
    proxy.resetCounters();
    release(lock.acquire(LockWorld.LONG));
    assertThat(proxy.recorded()).containsExactly(Op.CREATE2, Op.GET_CHILDREN, Op.DELETE);
  }

  /** Sequence numbers and distances of transactions say nothing about that. */
  @Test
  void acquire_queueWasFilledByOneForeignTransaction_waits() throws Exception {
    String queue = world.queuePath("cost");
    world.operate(admin -> {
      admin.multi(List.of(
          org.apache.zookeeper.Op.create(
              queue + "/xforeign-",
              new byte[0],
              ZooDefs.Ids.OPEN_ACL_UNSAFE,
              CreateMode.EPHEMERAL_SEQUENTIAL),
          org.apache.zookeeper.Op.create(
              queue + "/xother-",
              new byte[0],
              ZooDefs.Ids.OPEN_ACL_UNSAFE,
              CreateMode.EPHEMERAL_SEQUENTIAL)));
      CompletableFuture<Lease> asked = lock.acquireAsync();
      await().until(() -> proxy.requests(Op.GET_DATA) >= 2);
      assertThat(asked).isNotDone();
      asked.cancel(true);
    });
    world.awaitQueue("cost", 0);
  }

  @Test
  void acquireAndRelease_manyTimes_leavesNoWatchAndNoNode() throws Exception {
    ZkClient other = world.client("other");
    ZkClient own = world.client("own"); // with a clock: a release may wait for a moment
    DistributedLock mine = DistributedLock.named("cost", own);
    DistributedLock theirs = DistributedLock.named("cost", other);
    LockWorld.settle(own, other);
    int watches = world.server.watchCount();
    for (int i = 0; i < 300; i++) {
      Lease held = theirs.acquire(LockWorld.LONG);
      CompletableFuture<Lease> granted = mine.acquireAsync();
      CompletableFuture<Lease> withdrawn = mine.acquireAsync();
      if (i % 2 == 0) {
        withdrawn.cancel(true);
      }
      held.close();
      granted.get(20, TimeUnit.SECONDS).close();
      if (i % 2 != 0) {
        withdrawn.get(20, TimeUnit.SECONDS).close();
      }
    }
    await().untilAsserted(() -> assertThat(world.queue("cost")).isEmpty());
    await().untilAsserted(() -> assertThat(world.server.watchCount()).isLessThanOrEqualTo(watches));
  }

  private static void release(Lease lease) throws Exception {
    lease.close();
    lease.released().get(20, TimeUnit.SECONDS);
  }
}
