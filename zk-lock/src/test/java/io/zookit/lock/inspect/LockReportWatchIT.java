package io.zookit.lock.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedSemaphore;
import io.zookit.lock.Lease;
import io.zookit.lock.LockWorld;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reports of a lock that are followed, with real holders. */
@Tag("full")
class LockReportWatchIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");
  private final ZkClient operator = world.client("operator");
  private final LockInspector inspector = LockInspector.in(operator);

  @Test
  void watch_wholeLife_isFollowed() throws Exception {
    LockWorld.settle(one, two, operator);
    int before = zooKeeper.server().watchCount();
    try (LiveValue<LockReport> live = inspector.watch("w").awaitReady(LockWorld.LONG)) {
      assertThat(live.current().entries()).isEmpty();
      Lease held = DistributedLock.named("w", one).acquire();
      awaitLive(live, 1, 0);
      CompletableFuture<Lease> waiting = DistributedLock.named("w", two).acquireAsync();
      awaitLive(live, 1, 1);
      inspector.revoke("w", "why");
      await()
          .untilAsserted(
              () -> assertThat(live.current().holders().get(0).revoke()).contains("why"));
      held.close();
      Lease next = waiting.get(20, TimeUnit.SECONDS);
      awaitLive(live, 1, 0);
      assertThat(live.current().holders().get(0).token()).isEqualTo(next.token());
      next.close();
      awaitLive(live, 0, 0);
    }
    await()
        .untilAsserted(
            () -> assertThat(zooKeeper.server().watchCount()).isLessThanOrEqualTo(before));
  }

  @Test
  void watch_semaphoreMaximum_isFollowed() throws Exception {
    DistributedSemaphore semaphore = DistributedSemaphore.named("s", 2, one);
    try (LiveValue<LockReport> live = inspector.watch("s").awaitReady(LockWorld.LONG)) {
      Lease held = semaphore.acquire(2, LockWorld.LONG);
      CompletableFuture<Lease> waiting = semaphore.permits(1).acquireAsync();
      awaitLive(live, 1, 1);
      semaphore.changeMaximum(3).get(20, TimeUnit.SECONDS);
      awaitLive(live, 2, 0);
      held.close();
      waiting.get(20, TimeUnit.SECONDS).close();
      awaitLive(live, 0, 0);
    }
  }

  @Test
  void watch_connectionCutAndBack_goesOn() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient client = world.client("cut", proxy, Duration.ofSeconds(30));
    try (LiveValue<LockReport> live = LockInspector.in(client).watch("w")) {
      Lease held = DistributedLock.named("w", one).acquire();
      awaitLive(live, 1, 0);
      proxy.refuse();
      proxy.cut();
      await().untilAsserted(() -> assertThat(live.age()).isPositive());
      CompletableFuture<Lease> waiting = DistributedLock.named("w", two).acquireAsync();
      world.awaitQueue("w", 2);
      proxy.heal();
      awaitLive(live, 1, 1);
      held.close();
      awaitLive(live, 1, 0);
      waiting.get(20, TimeUnit.SECONDS).close();
    }
  }

  @Test
  void watch_sessionExpired_goesOnInTheNextOne() throws Exception {
    org.apache.curator.framework.CuratorFramework curator =
        world.curator(zooKeeper.connectString());
    ZkClient client = world.clientOver(curator);
    try (LiveValue<LockReport> live = LockInspector.in(client).watch("w")) {
      Lease held = DistributedLock.named("w", one).acquire();
      awaitLive(live, 1, 0);
      world.expire(curator);
      CompletableFuture<Lease> waiting = DistributedLock.named("w", two).acquireAsync();
      awaitLive(live, 1, 1);
      held.close();
      waiting.get(20, TimeUnit.SECONDS).close();
      awaitLive(live, 0, 0);
    }
  }

  private static void awaitLive(LiveValue<LockReport> live, int holders, int waiters) {
    await().atMost(LockWorld.LONG).untilAsserted(() -> {
      assertThat(live.latest()).isPresent();
      assertThat(live.current().holders()).hasSize(holders);
      assertThat(live.current().waiters()).hasSize(waiters);
    });
  }
}
