package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.barrier.DistributedCountDownLatch;
import io.zookit.lock.election.Candidacy;
import io.zookit.lock.election.Leader;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waiters of two clients that borrow one Curator client, and with it one connection and its watches. */
@Timeout(240)
@Tag("full")
class SharedConnectionIT {

  private static final Duration BRIEF = Duration.ofMillis(200);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final List<EventType> heard = new CopyOnWriteArrayList<>();
  private final Watcher watcher = event -> heard.add(event.getType());
  private CuratorFramework curator;
  private ZkClient one;
  private ZkClient two;
  private ZkClient holder;

  @BeforeEach
  void connect() {
    curator = world.keep(world.curator(zooKeeper.connectString()));
    curator.start();
    one = borrow("one");
    two = borrow("two");
    holder = world.client("holder");
  }

  private ZkClient borrow(String label) {
    return world.keep(ZkClient.borrowing(curator).root(world.root).label(label).connect());
  }

  @Test
  void acquire_requestOfTheOtherClientTimesOut_isGranted() throws Exception {
    Lease held = lock(holder).acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = lock(two).acquireAsync(LockWorld.LONG);
    world.awaitQueue("m", 2);
    awaitWatches(two, 2); // of the holder and of its own node
    timeOut(lock(one));
    held.close();
    requireGranted(waiting);
  }

  @Test
  void acquire_theOtherClientIsClosed_isGranted() throws Exception {
    Lease held = lock(holder).acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = lock(two).acquireAsync(LockWorld.LONG);
    world.awaitQueue("m", 2);
    CompletableFuture<Lease> left = lock(one).acquireAsync(LockWorld.LONG);
    world.awaitQueue("m", 3);
    awaitWatches(one, 3); // of its own node, and of the holder, too, because it looks ahead
    one.close();
    assertThat(left).isCompletedExceptionally();
    held.close();
    requireGranted(waiting);
  }

  @Test
  void readLock_requestOfTheOtherClientTimesOut_isGranted() throws Exception {
    Lease held = readWrite(holder).writeLock().acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = readWrite(two).readLock().acquireAsync(LockWorld.LONG);
    world.awaitQueue("rw", 2);
    awaitWatches(two, 2); // of the writer and of its own node
    timeOut(readWrite(one).readLock());
    held.close();
    requireGranted(waiting);
  }

  private static DistributedReadWriteLock readWrite(ZkClient client) {
    return DistributedReadWriteLock.named("rw", client);
  }

  @Test
  void permits_reportOfTheOtherClientIsClosed_areGranted() throws Exception {
    Lease held = permit(holder).acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = permit(two).acquireAsync(LockWorld.LONG);
    world.awaitQueue("s", 2);
    awaitWatches(two, 3); // of the queue, of the maximum and of its own node
    LockInspector.in(one).watch("s").awaitReady(LockWorld.LONG).close();
    awaitWatches(one, 0);
    held.close();
    requireGranted(waiting);
  }

  private static DistributedLock permit(ZkClient client) {
    return DistributedSemaphore.named("s", 1, client).permits(1);
  }

  @Test
  void follow_theOtherClientFollowsNoLonger_seesTheNextLeader() throws Exception {
    Candidacy first = LeaderElection.named("m", holder).join("first", leadership -> {});
    world.awaitQueue("m", 1);
    try (LiveValue<Optional<Leader>> followed = LeaderElection.named("m", two).follow()) {
      followed.awaitReady(LockWorld.LONG);
      LeaderElection.named("m", one).follow().awaitReady(LockWorld.LONG).close();
      awaitWatches(one, 0);
      first.close();
      await().until(() -> followed.current().isEmpty());
    }
  }

  @Test
  void latch_waiterOfTheOtherClientTimesOut_opens() throws Exception {
    CompletableFuture<Long> open = CompletableFuture.supplyAsync(() -> {
      try {
        return latch(two).await(LockWorld.LONG);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    await().until(() -> latch(two).remaining().get(30, TimeUnit.SECONDS) == 1);
    assertThatThrownBy(() -> latch(one).await(BRIEF)).isInstanceOf(ZkTimeoutException.class);
    latch(holder).countDown().get(30, TimeUnit.SECONDS);
    open.get(30, TimeUnit.SECONDS);
  }

  private static DistributedCountDownLatch latch(ZkClient client) {
    return DistributedCountDownLatch.named("l", 1, client);
  }

  @Test
  void acquire_timesOut_watcherOfTheApplicationOnTheHoldersNodeStays() throws Exception {
    Lease held = lock(holder).acquire(LockWorld.LONG);
    curator.getData().usingWatcher(watcher).forPath(world.queue("m").get(0).path());
    timeOut(lock(one));
    held.close();
    await().until(() -> !heard.isEmpty());
    assertThat(heard).containsExactly(EventType.NodeDeleted);
  }

  @Test
  void follow_closed_watcherOfTheApplicationOnTheQueueStays() throws Exception {
    LiveValue<Optional<Leader>> followed = LeaderElection.named("m", one).follow();
    followed.awaitReady(LockWorld.LONG);
    curator.getChildren().usingWatcher(watcher).forPath(world.queuePath("m"));
    followed.close();
    awaitWatches(one, 0);
    lock(holder).acquire(LockWorld.LONG).close();
    await().until(() -> !heard.isEmpty());
    assertThat(heard).containsExactly(EventType.NodeChildrenChanged);
  }

  @Test
  @Tag("full")
  void acquire_manyTimesOut_leaveNoWatchOnceTheHolderReleases() throws Exception {
    Lease held = lock(holder).acquire(LockWorld.LONG);
    awaitWatches(holder, 1); // its own node
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> lock(one).acquire(Duration.ofMillis(20)))
          .isInstanceOf(LockTimeoutException.class);
    }
    awaitWatches(one, 0);
    int left = zooKeeper.server().watchCount();
    held.close();
    await()
        .untilAsserted(
            () -> assertThat(zooKeeper.server().watchCount()).isLessThanOrEqualTo(left - 2));
  }

  private static DistributedLock lock(ZkClient client) {
    return DistributedLock.named("m", client);
  }

  private static void timeOut(DistributedLock lock) {
    assertThatThrownBy(() -> lock.acquire(BRIEF)).isInstanceOf(LockTimeoutException.class);
  }

  private static void requireGranted(CompletableFuture<Lease> waiting) throws Exception {
    waiting.get(30, TimeUnit.SECONDS).close();
  }

  /** Waits until a client watches exactly that many nodes of locks. */
  private static void awaitWatches(ZkClient client, int count) {
    CoreClient core = CoreClient.of(client);
    await().until(() -> {
      CompletableFuture<Integer> size = new CompletableFuture<>();
      core.loop()
          .execute(() -> size.complete(LockEngine.in(core).queues().watches().size()));
      return size.get(30, TimeUnit.SECONDS) == count;
    });
  }
}
