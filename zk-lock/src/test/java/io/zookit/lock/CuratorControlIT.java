package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.RetryPolicy;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.utils.CloseableUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Positive controls: the conditions of our own tests, met with Curator 5.9.0's recipe, which fails in them. When one of
 * these turns red, Curator has mended it, or the conditions are not what they were, and the test they belong to shows
 * less than it says.
 */
@Tag("full")
class CuratorControlIT {

  private static final int TRIES = 3;

  /** Control of {@code waiter_serverDownLongerThanTheSession_neverGrantsOnItsOldNode}. */
  @Test
  void mutex_serverDownLongerThanTheSession_hasTwoOwners() throws Exception {
    boolean twoOwners = false;
    for (int i = 0; i < TRIES && !twoOwners; i++) {
      twoOwners = zombieGrantLeadsToTwoOwners();
    }
    assertThat(twoOwners).isTrue();
  }

  /** Control of {@code close_whileDisconnected_returnsAtOnceAndTheNodeGoesWithTheReconnect}. */
  @Test
  void mutex_releaseDuringACut_throwsAndHasForgottenTheLock() throws Exception {
    try (ZkServer server = ZkServer.start();
        FaultProxy proxy = FaultProxy.to(server);
        CuratorFramework client = client(proxy.connectString(), 10_000, new RetryOneTime(10))) {
      InterProcessMutex mutex = new InterProcessMutex(client, "/control");
      mutex.acquire();
      proxy.refuse();
      proxy.cut();
      Throwable thrown = catchThrowable(mutex::release);
      assertThat(thrown).isNotNull();
      assertThat(mutex.isAcquiredInThisProcess()).isFalse();
      assertThat(server.nodes("/control")).anyMatch(node -> node.ephemeral());
    }
  }

  private static boolean zombieGrantLeadsToTwoOwners() throws Exception {
    ZkServer server = ZkServer.start();
    CuratorFramework holder = client(server.connectString(), 20_000, new RetryForever(50));
    CuratorFramework waiter = client(server.connectString(), 4_000, new RetryForever(50));
    CuratorFramework third = client(server.connectString(), 20_000, new RetryForever(50));
    try {
      InterProcessMutex held = new InterProcessMutex(holder, "/control");
      InterProcessMutex waiting = new InterProcessMutex(waiter, "/control");
      CompletableFuture<Void> lost = new CompletableFuture<>();
      waiter.getConnectionStateListenable().addListener((client, state) -> {
        if (state == ConnectionState.LOST) {
          lost.complete(null);
        }
      });
      held.acquire();
      CompletableFuture<Boolean> granted = new CompletableFuture<>();
      Thread owner = new Thread(() -> acquireAndStay(waiting, granted));
      owner.setDaemon(true);
      owner.start();
      await()
          .until(
              () -> server.nodes("/control").stream().filter(n -> n.ephemeral()).count() == 2);
      server.stop();
      lost.get(20, TimeUnit.SECONDS);
      server.restart();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> holder.getZookeeperClient().isConnected());
      held.release();
      granted.get(20, TimeUnit.SECONDS);
      InterProcessMutex next = new InterProcessMutex(third, "/control");
      return next.acquire(8, TimeUnit.SECONDS) && owner.isAlive();
    } finally {
      CloseableUtils.closeQuietly(waiter);
      CloseableUtils.closeQuietly(holder);
      CloseableUtils.closeQuietly(third);
      server.close();
    }
  }

  /** The thread owns the mutex for as long as it lives; it never gives it up. */
  private static void acquireAndStay(InterProcessMutex mutex, CompletableFuture<Boolean> granted) {
    try {
      mutex.acquire();
      granted.complete(true);
      new CompletableFuture<Void>().join();
    } catch (Exception e) { // Curator declares no narrower type
      granted.completeExceptionally(e);
    }
  }

  private static CuratorFramework client(String address, int session, RetryPolicy retry) {
    CuratorFramework client = CuratorFrameworkFactory.builder()
        .connectString(address)
        .sessionTimeoutMs(session)
        .connectionTimeoutMs(2_000)
        .retryPolicy(retry)
        .ensembleTracker(false)
        .build();
    client.start();
    return client;
  }
}
