package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Conditions under which other lock toolkits have failed, except for those that other tests cover:
 *
 * <ul>
 *   <li>the zombie node of an expired session, interrupts, releases during a loss of connection: {@link LockFaultsIT}
 *   <li>two that want three of four permits: {@link SemaphoreIT}
 *   <li>sixty waiters of one process: {@link LockCostIT}, {@link LocalHandOffIT}
 *   <li>cancelled requests: {@link DistributedLockIT}; very many of them: {@link MixedAcquisitionsIT}
 *   <li>a multi-lock one part of which fails: {@link MultiLockIT}
 *   <li>downgrades while writers wait: {@link ReadWriteLockIT}
 *   <li>hand-offs while suspect, stalled owners after a hand-off: {@link LocalHandOffIT}
 *   <li>readers refused because a later one was faster: {@link FencedStoreIT}
 *   <li>barriers passed early: {@link io.zookit.lock.barrier.DistributedDoubleBarrierIT}
 * </ul>
 */
@Tag("full")
class KnownFailuresIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  /** Curator 5.9.0 grants the lock here to some requests while another owner holds it. */
  @Test
  void acquire_sequenceStuckWhileItIsHeld_isNeverGranted() throws Exception {
    DistributedLock mine = DistributedLock.named("a", world.client("one"));
    Lease held = mine.acquire(LockWorld.LONG);
    world.server.setSequence(world.queuePath("a"), Integer.MAX_VALUE);
    DistributedLock theirs = DistributedLock.named("a", world.client("two"));
    List<CompletableFuture<Lease>> asked = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      asked.add((i % 2 == 0 ? mine : theirs).acquireAsync());
    }
    for (CompletableFuture<Lease> each : asked) {
      assertThatThrownBy(() -> each.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ZkException.class)
          .hasMessageContaining("sequence numbers are used up");
    }
    world.awaitQueue("a", 1);
    assertThat(held.isValid()).isTrue();
    held.close();
  }

  /** CURATOR-180: the folder goes between any two requests, and the request fails with NoNode. */
  @Test
  @Tag("full")
  void acquire_foldersReapedAllTheTime_isGrantedAllTheSame() throws Exception {
    ZkClient client = world.client("reaped");
    List<DistributedLock> all = List.of(
        DistributedLock.named("a", client),
        DistributedSemaphore.named("b", 3, client).permits(2),
        DistributedLock.several(client).exclusive("a").shared("c").build());
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger reaped = new AtomicInteger();
    CompletableFuture<Void> reaper =
        CompletableFuture.runAsync(() -> reap(List.of("a", "b", "c"), over, reaped));
    int granted = 0;
    for (int i = 0; i < 60 || reaped.get() < 10; i++) {
      for (DistributedLock lock : all) {
        Lease lease = lock.acquire(LockWorld.LONG);
        granted++;
        lease.close();
        lease.released().get(20, TimeUnit.SECONDS);
      }
    }
    over.set(true);
    reaper.get(20, TimeUnit.SECONDS);
    assertThat(granted).isGreaterThanOrEqualTo(180);
  }

  /** As the server's container manager does it, only faster. */
  private void reap(List<String> locks, AtomicBoolean over, AtomicInteger reaped) {
    try (ZooKeeper admin = new ZooKeeper(world.server.connectString(), 10_000, event -> {})) {
      await().atMost(LockWorld.LONG).until(() -> admin.getState().isConnected());
      while (!over.get()) {
        for (String lock : locks) {
          if (isDeleted(admin, world.queuePath(lock))) {
            reaped.incrementAndGet();
            isDeleted(admin, world.root + "/locks/" + lock);
          }
        }
      }
    } catch (Exception e) {
      throw new IllegalStateException("the reaper failed", e);
    }
  }

  private static boolean isDeleted(ZooKeeper admin, String path) throws Exception {
    try {
      admin.delete(path, -1);
      return true;
    } catch (KeeperException.NotEmptyException | KeeperException.NoNodeException e) {
      return false;
    }
  }

  /** It has not asked yet, only looked; what it gets to see comes when it has long been given up. */
  @Test
  void tryAcquire_interruptedWhileItLooks_neverTakesTheLock() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("looking", proxy, Duration.ofSeconds(60));
    List<DistributedLock> all = List.of(
        DistributedLock.named("a", client),
        DistributedLock.builder("a", client).localHandOff(9).build(),
        DistributedLock.builder("a", client).robust().build());
    DistributedLock.named("a", client).acquire(LockWorld.LONG).close();
    world.awaitQueue("a", 0);
    int sequence = 0;
    for (DistributedLock lock : all) {
      proxy.resetCounters();
      proxy.delayReplies(Duration.ofHours(1));
      Thread.currentThread().interrupt();
      assertThatThrownBy(lock::tryAcquire).isInstanceOf(InterruptedException.class);
      proxy.heal();
      Lease lease = lock.acquire(LockWorld.LONG); // answered after the look was
      assertThat(world.queue("a").get(0).path())
          .endsWith(String.format("-%010d", ++sequence)); // the first node since the one before
      lease.close();
      world.awaitQueue("a", 0);
      world.awaitNoEntry(client);
    }
  }
}
