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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The requests that locks cost, counted at a proxy in front of the server. */
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
  void acquire_freeLock_isACreateAndAListingInOneRoundTrip() throws Exception {
    proxy.delayReplies(FOREVER);
    CompletableFuture<Lease> asked = lock.acquireAsync();
    await().until(() -> proxy.requests(Op.ANY) == 2); // both are out, and nothing has come back
    assertThat(asked).isNotDone();
    proxy.heal();
    Lease lease = asked.get(20, TimeUnit.SECONDS);
    assertThat(proxy.recorded()).containsExactly(Op.CREATE2, Op.GET_CHILDREN);
    release(lease);
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
  void tryAcquire_freeLock_isThreeRequests() throws Exception {
    Lease lease = lock.tryAcquire().orElseThrow();
    assertThat(proxy.recorded()).containsExactly(Op.GET_CHILDREN, Op.CREATE2, Op.GET_CHILDREN);
    release(lease);
  }

  @Test
  void handOff_onePredecessorLeft_isOneEventAndNoRequestForTheNewHolder() throws Exception {
    ZkClient other = world.client("other");
    Lease held = DistributedLock.named("cost", other).acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = lock.acquireAsync();
    await().until(() -> proxy.requests(Op.GET_DATA) == 1);
    PacketCounts before = proxy.counts();
    held.close();
    Lease lease = waiting.get(20, TimeUnit.SECONDS);
    PacketCounts handOff = proxy.counts().minus(before);
    assertThat(handOff.total()).isZero();
    assertThat(handOff.watchEvents()).isEqualTo(1);
    release(lease);
  }

  @Test
  void acquire_permits_areACreateAndAListingInOneRoundTrip() throws Exception {
    DistributedSemaphore semaphore = DistributedSemaphore.named("permits", 9, client);
    release(semaphore.acquire(1, LockWorld.LONG)); // the maximum is known from now on
    release(inOneRoundTrip(semaphore.permits(5), Op.CREATE2, Op.GET_CHILDREN));
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
    first.close();
    CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);
    world.awaitQueue("cost", 0);
    assertThat(proxy.requests(Op.ANY))
        .isLessThanOrEqualTo(61 * 6); // create, list, two watches, list, delete
  }

  @Test
  @Tag("full")
  void acquireAndRelease_manyTimes_leavesNoWatchAndNoNode() throws Exception {
    ZkClient other = world.client("other");
    DistributedLock theirs = DistributedLock.named("cost", other);
    int watches = world.server.watchCount();
    for (int i = 0; i < 300; i++) {
      Lease held = theirs.acquire(LockWorld.LONG);
      CompletableFuture<Lease> granted = lock.acquireAsync();
      CompletableFuture<Lease> withdrawn = lock.acquireAsync();
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
