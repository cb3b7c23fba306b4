package io.zookit.lock.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.DistributedReadWriteLock;
import io.zookit.lock.Lease;
import io.zookit.lock.LeaseState;
import io.zookit.lock.LockWorld;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Breaking the lock of a real holder. */
class LockBreakIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");
  private final LockInspector inspector = LockInspector.in(world.client("operator"));

  @Test
  void breakLock_heldLock_theHolderIsToldAndTheNextHasIt() throws Exception {
    Lease held = DistributedLock.named("a", one).acquire();
    CompletableFuture<Lease> lost = new CompletableFuture<>();
    held.onLost(lost::complete);
    CompletableFuture<Lease> waiting = DistributedLock.named("a", two).acquireAsync();
    world.awaitQueue("a", 2);
    assertThat(inspector.breakLock("a"))
        .extracting(LockReport.Entry::token)
        .containsExactly(held.token());
    assertThat(waiting.get(20, TimeUnit.SECONDS).token()).isGreaterThan(held.token());
    assertThat(lost.get(20, TimeUnit.SECONDS)).isSameAs(held);
    assertThat(held.state()).isEqualTo(LeaseState.LOST);
    waiting.get().close();
  }

  @Test
  @Tag("full")
  void breakLock_sharedLock_removesAllReaders() throws Exception {
    Lease first = DistributedReadWriteLock.named("rw", one).readLock().acquire();
    Lease second = DistributedReadWriteLock.named("rw", two).readLock().acquire();
    assertThat(inspector.breakLock("rw")).hasSize(2);
    world.awaitQueue("rw", 0);
    await().untilAsserted(() -> {
      assertThat(first.state()).isEqualTo(LeaseState.LOST);
      assertThat(second.state()).isEqualTo(LeaseState.LOST);
    });
  }

  @Test
  void breakLock_nobody_isNotFound() {
    assertThatThrownBy(() -> inspector.breakLock("a")).isInstanceOf(LockNotFoundException.class);
  }

  @Test
  void breakLock_asSeenBeforeAHandOff_leavesTheNewHolderAlone() throws Exception {
    Lease held = DistributedLock.named("a", one).acquire();
    CompletableFuture<Lease> waiting = DistributedLock.named("a", two).acquireAsync();
    world.awaitQueue("a", 2);
    LockReport seen = inspector.show("a");
    held.close();
    Lease next = waiting.get(20, TimeUnit.SECONDS);
    assertThat(inspector.breakLock(seen)).isEmpty();
    assertThat(world.queue("a")).hasSize(1);
    assertThat(next.isValid()).isTrue();
    next.close();
  }

  @Test
  void revoke_asSeenBeforeAHandOff_asksTheHoldersOfTheReportOnly() throws Exception {
    Lease held = DistributedLock.named("a", one).acquire();
    CompletableFuture<Lease> waiting = DistributedLock.named("a", two).acquireAsync();
    world.awaitQueue("a", 2);
    LockReport seen = inspector.show("a");
    assertThat(inspector.revoke(seen, "noon"))
        .extracting(LockReport.Entry::token)
        .containsExactly(held.token());
    held.close();
    Lease next = waiting.get(30, TimeUnit.SECONDS);
    assertThat(inspector.revoke(seen, "noon")).isEmpty();
    assertThat(inspector.show("a").holders())
        .allSatisfy(holder -> assertThat(holder.revoke()).isEmpty());
    assertThatThrownBy(() -> inspector.revoke(seen, " "))
        .isInstanceOf(IllegalArgumentException.class);
    next.close();
  }

  /** The delete is on its way to the server while the holder releases and the next one gets the lock. */
  @Test
  @Tag("full")
  void breakLock_holderReleasesBetweenReadAndDelete_leavesTheNewHolderAlone() throws Exception {
    Lease held = DistributedLock.named("a", one).acquire();
    CompletableFuture<Lease> waiting = DistributedLock.named("a", two).acquireAsync();
    world.awaitQueue("a", 2);
    FaultProxy proxy = world.proxy();
    LockInspector slow = slowInspector(proxy);
    CompletableFuture<List<LockReport.Entry>> broken = slow.breakLockAsync("a");
    await().atMost(LockWorld.LONG).until(() -> proxy.requests(Op.MULTI) == 1);
    held.close();
    Lease next = waiting.get(20, TimeUnit.SECONDS);
    assertThat(broken.get(20, TimeUnit.SECONDS)).isEmpty();
    assertThat(next.isValid()).isTrue();
    assertThat(world.queue("a")).hasSize(1);
    next.close();
  }

  /** The holder writes to its node while the delete is on its way. */
  @Test
  @Tag("full")
  void breakLock_holderWritesBetweenReadAndDelete_isBrokenAllTheSame() throws Exception {
    Lease held = DistributedLock.named("a", one).acquire();
    FaultProxy proxy = world.proxy();
    LockInspector slow = slowInspector(proxy);
    CompletableFuture<List<LockReport.Entry>> broken = slow.breakLockAsync("a");
    await().atMost(LockWorld.LONG).until(() -> proxy.requests(Op.MULTI) == 1);
    inspector.revoke("a", "first");
    proxy.delayRequests(Duration.ZERO);
    assertThat(broken.get(20, TimeUnit.SECONDS)).hasSize(1);
    assertThat(proxy.requests(Op.MULTI)).isEqualTo(2);
    world.awaitQueue("a", 0);
    held.close();
  }

  private LockInspector slowInspector(FaultProxy proxy) throws Exception {
    LockInspector slow = LockInspector.in(world.client("slow", proxy, Duration.ofSeconds(30)));
    slow.list();
    proxy.resetCounters();
    proxy.delayRequests(Duration.ofSeconds(1));
    return slow;
  }
}
