package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Locks after an outage in which Curator gave sessions up that the servers kept. Their sessions last 30 s. */
@Timeout(150)
@Tag("full")
class GivenUpSessionIT {

  private static final Duration OUTAGE = Duration.ofSeconds(25);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  /** The lock is requested within 20 s, so the session cannot have ended by a timeout. */
  @Test
  void acquire_holdersSessionWasGivenUp_isGrantedAndTheOldLeaseNeverValidAgain() throws Exception {
    FaultProxy proxy = world.proxy();
    CuratorFramework curator = world.curator(proxy.connectString());
    ZkClient client = world.clientOver(curator);
    DistributedLock lock = DistributedLock.named("a", client);
    Lease lost = lock.acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting =
        DistributedLock.named("a", world.client("other")).acquireAsync();
    world.awaitQueue("a", 2);
    proxy.refuse();
    proxy.cut();
    await().until(() -> !lost.isValid());
    curator.getZookeeperClient().reset();
    proxy.heal();
    try (Lease theirs = waiting.get(20, TimeUnit.SECONDS)) {
      assertThat(lost.state()).isEqualTo(LeaseState.LOST);
      assertThat(theirs.token()).isGreaterThan(lost.token());
      client.awaitConnected(LockWorld.LONG);
      assertThat(lock.tryAcquire()).isEqualTo(Optional.empty());
      assertThat(lost.isValid()).isFalse();
    }
    try (Lease mine = lock.acquire(LockWorld.LONG)) {
      assertThat(mine.isValid()).isTrue();
      assertThat(lost.isValid()).isFalse();
      assertThat(world.queue("a")).hasSize(1);
    }
    lost.close();
    world.awaitQueue("a", 0);
  }

  /** P10 with the settings of everybody: without it, 15 to 16 s. */
  @Test
  void acquire_serverAwayFor25Seconds_isBackWithin10SecondsOfIt() throws Exception {
    try (ZkServer server = ZkServer.start(Map.of("tickTime", "2000"));
        ZkClient one = ZkClient.builder(server.connectString()).root("/p10").connect();
        ZkClient two = ZkClient.builder(server.connectString()).root("/p10").connect()) {
      DistributedLock mine = DistributedLock.named("a", one);
      Lease lost = mine.acquire(LockWorld.LONG);
      CompletableFuture<Lease> theirs = DistributedLock.named("a", two).acquireAsync();
      await().until(() -> server.nodes("/p10/locks/a/~q").size() == 2);
      server.stop();
      await()
          .atMost(OUTAGE.plusSeconds(30))
          .pollDelay(OUTAGE)
          .until(() -> lost.state() == LeaseState.LOST);
      server.restart();
      theirs.get(10, TimeUnit.SECONDS).close();
      mine.acquire(Duration.ofSeconds(10)).close();
      assertThat(lost.isValid()).isFalse();
    }
  }
}
