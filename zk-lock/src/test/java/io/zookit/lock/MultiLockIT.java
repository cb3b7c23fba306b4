package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class MultiLockIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  @Test
  void acquire_anyMix_holdsAllAndGivesAllUp() throws Exception {
    DistributedLock all = DistributedLock.several(one)
        .exclusive("a")
        .shared("b")
        .permits("c", 2, 3)
        .build();
    Lease lease = all.acquire(LockWorld.LONG);
    assertThat(DistributedLock.named("a", two).tryAcquire()).isEmpty();
    assertThat(DistributedLock.named("b", two).tryAcquire()).isEmpty();
    assertThat(DistributedReadWriteLock.named("b", two).readLock().tryAcquire())
        .isPresent()
        .get()
        .satisfies(Lease::close);
    assertThat(DistributedSemaphore.named("c", 3, two).tryAcquire(2)).isEmpty();
    lease.close();
    lease.released().get(20, TimeUnit.SECONDS);
    for (String name : List.of("a", "b", "c")) {
      world.awaitQueue(name, 0); // also what tryAcquire() takes back in the background
    }
  }

  @Test
  void acquire_oneIsHeld_waitsAndHoldsItsPlaceInAll() throws Exception {
    Lease held = DistributedLock.named("b", two).acquire(LockWorld.LONG);
    CompletableFuture<Lease> all =
        DistributedLock.several(one).exclusive("a").exclusive("b").build().acquireAsync();
    world.awaitQueue("b", 2);
    assertThat(DistributedLock.named("a", two).tryAcquire()).isEmpty();
    assertThat(all).isNotDone();
    held.close();
    try (Lease lease = all.get(20, TimeUnit.SECONDS)) {
      assertThat(lease.token()).isGreaterThan(held.token());
    }
  }

  @Test
  @Tag("full")
  void acquire_manyOverlappingSetsAtRandom_neverDeadlock() throws Exception {
    long seed = Long.getLong("zookit.seed", System.nanoTime());
    System.out.println("zookit.seed=" + seed);
    Random random = new Random(seed);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      List<String> names = new ArrayList<>(List.of("a", "b", "c", "d"));
      Collections.shuffle(names, random);
      MultiLockBuilder locks = DistributedLock.several(i % 2 == 0 ? one : two);
      names.subList(0, 2 + random.nextInt(2)).forEach(locks::exclusive);
      all.add(locks.build().acquireAsync().thenAccept(Lease::close));
    }
    CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);
    for (String name : List.of("a", "b", "c", "d")) {
      world.awaitQueue(name, 0);
    }
  }

  @Test
  void acquire_oneCanNeverBeGranted_failsAndLeavesNothing() {
    DistributedLock all =
        DistributedLock.several(one).exclusive("a").permits("c", 5, 3).build();
    assertThatThrownBy(() -> all.acquire(LockWorld.LONG))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("5 permits, the maximum is 3");
    world.awaitQueue("a", 0);
    world.awaitQueue("c", 0);
  }

  @Test
  void acquire_timeout_leavesNothingInAnyQueue() throws Exception {
    try (Lease held = DistributedLock.named("b", two).acquire(LockWorld.LONG)) {
      DistributedLock all =
          DistributedLock.several(one).exclusive("a").exclusive("b").build();
      assertThatThrownBy(() -> all.acquire(Duration.ofMillis(100)))
          .isInstanceOf(LockTimeoutException.class);
      world.awaitQueue("a", 0);
      world.awaitQueue("b", 1);
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void build_sameNameTwice_mergesToTheStronger() throws Exception {
    DistributedLock all =
        DistributedLock.several(one).shared("a").exclusive("a").shared("a").build();
    try (Lease lease = all.acquire(LockWorld.LONG)) {
      assertThat(world.queue("a")).hasSize(1);
      assertThat(DistributedReadWriteLock.named("a", two).readLock().tryAcquire())
          .isEmpty();
      assertThat(lease.isValid()).isTrue();
    }
    assertThatThrownBy(() -> DistributedLock.several(one).exclusive("a").permits("a", 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DistributedLock.several(one).build())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void acquire_free_isOneMultiAndOneMultiRead() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient counted = world.clientWithoutTimers(proxy);
    MultiLockBuilder builder = DistributedLock.several(counted);
    for (int i = 0; i < 8; i++) {
      builder.exclusive("m" + i);
    }
    DistributedLock all = builder.build();
    Lease warm = all.acquire(LockWorld.LONG);
    warm.close();
    warm.released().get(20, TimeUnit.SECONDS);
    proxy.resetCounters();
    Lease lease = all.acquire(LockWorld.LONG);
    assertThat(proxy.recorded()).containsExactly(Op.MULTI, Op.MULTI_READ);
    lease.close();
  }

  @Test
  void acquire_answerToTheMultiLost_takesTheNodesThatWereMade() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.client("cut", proxy, Duration.ofSeconds(10));
    DistributedLock all =
        DistributedLock.several(cut).exclusive("a").exclusive("b").build();
    all.acquire(LockWorld.LONG).close();
    Fault lost = proxy.cutAfter(Op.MULTI, 1);
    try (Lease lease = all.acquire(LockWorld.LONG)) {
      assertThat(lost.landed()).isTrue();
      assertThat(lease.isValid()).isTrue();
      assertThat(world.queue("a")).hasSize(1);
      assertThat(world.queue("b")).hasSize(1);
    }
  }

  @Test
  void lockForAll_keysOfAStripedLock_areOneLock() throws Exception {
    StripedLock mine = StripedLock.named("striped", 16, one);
    StripedLock theirs = StripedLock.named("striped", 16, two);
    try (Lease lease = mine.lockForAll(List.of("k1", "k2", "k3", "k1")).acquire(LockWorld.LONG)) {
      assertThat(theirs.lockFor("k2").tryAcquire()).isEmpty();
      assertThat(lease.isValid()).isTrue();
    }
    theirs.lockFor("k2").acquire(LockWorld.LONG).close();
  }
}
