package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkException;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class FencedTransactionIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final byte[] DATA = "v".getBytes(StandardCharsets.UTF_8);

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @Test
  void commit_held_changesAllOrNothing() throws Exception {
    try (Lease lease = DistributedLock.named("a", world.client("one")).acquire(LockWorld.LONG)) {
      lease
          .fenced()
          .create(world.root + "/x", DATA)
          .setData(world.root + "/x", DATA)
          .commit()
          .get(20, TimeUnit.SECONDS);
      CompletableFuture<Void> refused = lease
          .fenced()
          .create(world.root + "/y", DATA)
          .delete(world.root + "/missing")
          .commit();
      assertThatThrownBy(() -> refused.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ZkException.class)
          .hasMessageContaining("/missing");
      assertThat(paths()).doesNotContain(world.root + "/y");
      assertThat(paths()).contains(world.root + "/x");
    }
  }

  @Test
  void commit_nodeRemovedMeanwhile_isRefusedByTheServer() throws Exception {
    Lease lease = DistributedLock.named("a", world.client("one")).acquire(LockWorld.LONG);
    world.delete(world.queue("a").get(0).path());
    CompletableFuture<Void> refused =
        lease.fenced().create(world.root + "/x", DATA).commit();
    assertThatThrownBy(() -> refused.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(LockLostException.class);
    assertThat(paths()).doesNotContain(world.root + "/x");
  }

  @Test
  @Tag("full")
  void commit_afterClose_isRefusedWithoutARequest() throws Exception {
    FaultProxy proxy = world.proxy();
    Lease lease = DistributedLock.named("a", world.client("one", proxy, Duration.ofSeconds(60)))
        .acquire(LockWorld.LONG);
    lease.close();
    lease.released().get(20, TimeUnit.SECONDS);
    proxy.resetCounters();
    CompletableFuture<Void> refused =
        lease.fenced().create(world.root + "/x", DATA).commit();
    assertThatThrownBy(() -> refused.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(LockLostException.class);
    assertThat(proxy.recorded()).isEmpty();
  }

  @Test
  @Tag("full")
  void commit_whileSuspect_isRefused() throws Exception {
    FaultProxy proxy = world.proxy();
    Lease lease = DistributedLock.named("a", world.client("one", proxy, Duration.ofSeconds(10)))
        .acquire(LockWorld.LONG);
    proxy.refuse();
    proxy.cut();
    await().until(() -> lease.state() == LeaseState.SUSPECT);
    CompletableFuture<Void> refused =
        lease.fenced().create(world.root + "/x", DATA).commit();
    assertThatThrownBy(() -> refused.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(LockLostException.class);
    proxy.heal();
    await().until(() -> lease.isValid());
    lease.fenced().create(world.root + "/x", DATA).commit().get(20, TimeUnit.SECONDS);
    lease.close();
  }

  @Test
  void commit_badArguments_areRefusedBeforeAnyRequest() throws Exception {
    try (Lease lease = DistributedLock.named("a", world.client("one")).acquire(LockWorld.LONG)) {
      FencedTransaction changes = lease.fenced();
      assertThatThrownBy(() -> changes.create("x", DATA))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> changes.setData("/x", DATA, -2))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> changes.setData("/x", new byte[2_000_000]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private List<String> paths() {
    return world.server.nodes(world.root).stream().map(ZkNode::path).toList();
  }
}
