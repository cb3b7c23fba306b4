package io.zookit.lock.barrier;

import static io.zookit.lock.barrier.BarrierWorld.LONG;
import static io.zookit.lock.barrier.BarrierWorld.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.lock.LockWorld;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node is watched once, so that the watch can be removed completely. */
class WatchedNodeIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private BarrierWorld world;

  @BeforeEach
  void open() {
    world = new BarrierWorld(zooKeeper.server(), zooKeeper.freshRoot());
    world.awaitNoWatch();
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  private static DistributedCountDownLatch latch(ZkClient client) {
    return DistributedCountDownLatch.named("l", 3, client);
  }

  private static <T> T got(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static <T> T onLoop(ZkClient client, Function<Barriers, T> task) throws Exception {
    CoreClient core = CoreClient.of(client);
    CompletableFuture<T> done = new CompletableFuture<>();
    core.loop().execute(() -> done.complete(task.apply(Barriers.in(core))));
    return got(done);
  }

  /** The watch that is set again tells of the change before the greeting is answered. */
  @Test
  @Tag("full")
  void await_changedWhileDisconnected_leavesNoWatch() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient away = world.client("away", proxy.connectString());
    ZkClient there = world.client("there");
    got(latch(there).remaining());
    LockWorld.settle(away, there);
    int others = world.server.watchCount();
    CompletableFuture<Long> waiting = elsewhere(() -> latch(away).await(LONG));
    await().until(() -> world.server.watchCount() == others + 2);
    proxy.refuse();
    proxy.cut();
    await().until(() -> away.session().state() != SessionState.CONNECTED);
    got(latch(there).countDown());
    proxy.heal();
    await().until(() -> away.session().state() == SessionState.CONNECTED);
    got(latch(there).countDown());
    got(latch(there).countDown());
    assertThat(got(waiting)).isEqualTo(1);
    int watches = onLoop(away, barriers -> barriers.watches().size());
    assertThat(watches).isZero();
  }

  @Test
  void onConnected_twice_leavesNoSecondWatch() throws Exception {
    ZkClient client = world.client("one");
    got(latch(client).remaining());
    ZkPath node = new ZkPath(world.root + "/latches/l/~l");
    CompletableFuture<Boolean> told = new CompletableFuture<>();
    WatchedNode followed = onLoop(client, barriers -> {
      WatchedNode twice = new WatchedNode(barriers, node, node, () -> told.complete(true));
      twice.onConnected(barriers.connected().orElseThrow());
      twice.onConnected(barriers.connected().orElseThrow());
      return twice;
    });
    got(told);
    int watches = onLoop(client, barriers -> {
      followed.close();
      followed.onConnected(barriers.connected().orElseThrow()); // by a visit that is just over
      return barriers.watches().size();
    });
    assertThat(watches).isZero();
  }
}
