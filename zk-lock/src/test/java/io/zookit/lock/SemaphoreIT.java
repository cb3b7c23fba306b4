package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SemaphoreIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  /**
   * Two clients that acquire permits one by one wait for each other indefinitely here (Curator's
   * InterProcessSemaphoreV2).
   */
  @Test
  void acquire_twoWantThreeOfFour_bothAreServed() throws Exception {
    DistributedSemaphore mine = DistributedSemaphore.named("s", 4, one);
    DistributedSemaphore theirs = DistributedSemaphore.named("s", 4, two);
    for (int i = 0; i < 20; i++) {
      CompletableFuture<Lease> first = mine.permits(3).acquireAsync(LockWorld.LONG);
      CompletableFuture<Lease> second = theirs.permits(3).acquireAsync(LockWorld.LONG);
      CompletableFuture<Void> both =
          CompletableFuture.allOf(first.thenAccept(Lease::close), second.thenAccept(Lease::close));
      both.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void acquire_fitsUnderTheMaximum_isGrantedBesideOthers() throws Exception {
    DistributedSemaphore semaphore = DistributedSemaphore.named("s", 4, one);
    Lease three = semaphore.acquire(3, LockWorld.LONG);
    Lease single = DistributedSemaphore.named("s", 4, two).acquire(1, LockWorld.LONG);
    assertThat(semaphore.tryAcquire(1)).isEmpty();
    single.close();
    await()
        .untilAsserted(
            () -> assertThat(semaphore.tryAcquire(1)).isPresent().get().satisfies(Lease::close));
    three.close();
  }

  @Test
  void acquire_smallBehindBig_doesNotPassIt() throws Exception {
    DistributedSemaphore mine = DistributedSemaphore.named("s", 3, one);
    DistributedSemaphore theirs = DistributedSemaphore.named("s", 3, two);
    Lease two1 = mine.acquire(2, LockWorld.LONG);
    CompletableFuture<Lease> big = theirs.permits(3).acquireAsync();
    world.awaitQueue("s", 2);
    CompletableFuture<Lease> small = mine.permits(1).acquireAsync();
    world.awaitQueue("s", 3);
    assertThat(small).isNotDone();
    two1.close();
    Lease all = big.get(20, TimeUnit.SECONDS);
    assertThat(small).isNotDone();
    all.close();
    small.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void acquire_overTheMaximum_failsAtOnce() {
    DistributedSemaphore semaphore = DistributedSemaphore.named("s", 2, one);
    assertThatThrownBy(() -> semaphore.acquire(3, LockWorld.LONG))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("3 permits, the maximum is 2");
    world.awaitQueue("s", 0);
  }

  @Test
  void changeMaximum_grown_wakesThoseWhoFitNow() throws Exception {
    DistributedSemaphore mine = DistributedSemaphore.named("s", 1, one);
    DistributedSemaphore theirs = DistributedSemaphore.named("s", 1, two);
    Lease held = mine.acquire(1, LockWorld.LONG);
    CompletableFuture<Lease> second = theirs.permits(1).acquireAsync();
    world.awaitQueue("s", 2);
    CompletableFuture<Lease> third = theirs.permits(1).acquireAsync();
    world.awaitQueue("s", 3);
    mine.changeMaximum(3).get(20, TimeUnit.SECONDS);
    Lease b = second.get(20, TimeUnit.SECONDS);
    Lease c = third.get(20, TimeUnit.SECONDS);
    held.close();
    b.close();
    c.close();
  }

  @Test
  void changeMaximum_shrunkUnderAWaiter_failsIt_holdersKeepTheirs() throws Exception {
    DistributedSemaphore mine = DistributedSemaphore.named("s", 3, one);
    Lease held = mine.acquire(3, LockWorld.LONG);
    CompletableFuture<Lease> waiting =
        DistributedSemaphore.named("s", 3, two).permits(2).acquireAsync();
    world.awaitQueue("s", 2);
    mine.changeMaximum(1).get(20, TimeUnit.SECONDS);
    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("2 permits, the maximum is 1");
    assertThat(held.isValid()).isTrue();
    held.close();
  }

  @Test
  void acquire_nameOfAMutexInUse_isAClearError() throws Exception {
    try (Lease held = DistributedLock.named("s", one).acquire(LockWorld.LONG)) {
      assertThatThrownBy(() -> DistributedSemaphore.named("s", 2, two).acquire(1, LockWorld.LONG))
          .isInstanceOf(ZkException.class)
          .hasMessageContaining("a lock of the same name that is no semaphore is in use");
      assertThat(held.isValid()).isTrue();
    }
    world.awaitQueue("s", 0); // a lock is given up in the background
    try (Lease held = DistributedSemaphore.named("s", 2, two).acquire(1, LockWorld.LONG)) {
      assertThatThrownBy(() -> DistributedLock.named("s", one).acquire(LockWorld.LONG))
          .isInstanceOf(ZkException.class)
          .hasMessageContaining("a semaphore of the same name is in use");
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void acquire_stateOfALock_isRefusedAndNotWrittenOver() throws Exception {
    DistributedLock.builder("s", one).robust().build().acquire(LockWorld.LONG).close();
    world.awaitQueue("s", 0);
    DistributedSemaphore semaphore = DistributedSemaphore.named("s", 2, two);
    assertThatThrownBy(() -> semaphore.acquire(1, LockWorld.LONG))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("is the state of a lock (expected: semaphore)");
    assertThatThrownBy(() -> semaphore.changeMaximum(3).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ZkException.class)
        .hasMessageContaining("is the state of a lock (expected: semaphore)");
    world.awaitQueue("s", 0);
    DistributedLock.builder("s", one).robust().build().acquire(LockWorld.LONG).close();
  }

  @Test
  void acquire_nameThatIsTheFolderOfAnother_hasItsOwnMaximum() throws Exception {
    DistributedSemaphore.named("s/t", 2, one).acquire(1, LockWorld.LONG).close();
    DistributedSemaphore folder = DistributedSemaphore.named("s", 3, two);
    folder.acquire(3, LockWorld.LONG).close();
    folder.changeMaximum(4).get(20, TimeUnit.SECONDS);
    folder.acquire(4, LockWorld.LONG).close();
    assertThatThrownBy(() -> DistributedSemaphore.named("s/t", 9, two).acquire(3, LockWorld.LONG))
        .hasMessageContaining("3 permits, the maximum is 2");
  }

  @Test
  void acquire_maximumKnown_isOneRequestWhateverThePermits() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient counted = world.clientWithoutTimers(proxy);
    DistributedSemaphore semaphore = DistributedSemaphore.named("s", 9, counted);
    Lease warm = semaphore.acquire(1, LockWorld.LONG);
    warm.close();
    warm.released().get(20, TimeUnit.SECONDS);
    proxy.resetCounters();
    Lease lease = semaphore.acquire(5, LockWorld.LONG);
    assertThat(proxy.recorded()).containsExactly(Op.MULTI);
    lease.close();
  }

  @Test
  @Tag("full")
  void acquireAndRelease_manyClientsAtRandom_neverOverTheMaximumAndAllAreServed() throws Exception {
    long seed = Long.getLong("zookit.seed", System.nanoTime());
    System.out.println("zookit.seed=" + seed);
    Random random = new Random(seed);
    AtomicInteger inUse = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int permits = 1 + random.nextInt(4);
      DistributedSemaphore semaphore = DistributedSemaphore.named("s", 5, i % 2 == 0 ? one : two);
      all.add(semaphore.permits(permits).acquireAsync().thenAccept(lease -> {
        most.accumulateAndGet(inUse.addAndGet(permits), Math::max);
        inUse.addAndGet(-permits);
        lease.close();
      }));
    }
    CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);
    assertThat(most.get()).as("zookit.seed=%d", seed).isBetween(1, 5);
    world.awaitQueue("s", 0);
  }
}
