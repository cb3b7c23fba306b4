package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fair mutex on a healthy server. */
class DistributedLockIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = LockWorld.LONG;

  private ZkServer server;
  private String root;
  private ZkClient one;
  private ZkClient two;

  @BeforeEach
  void connect() {
    server = zooKeeper.server();
    root = zooKeeper.freshRoot();
    one = ZkClient.builder(server.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label("one")
        .connect();
    two = ZkClient.builder(server.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label("two")
        .connect();
  }

  @AfterEach
  void disconnect() {
    one.close();
    two.close();
  }

  @Test
  void acquire_freeLock_isHeldWithATokenAndOneNode() throws Exception {
    try (Lease lease = DistributedLock.named("stock/sku-42", one).acquire(LONG)) {
      assertThat(lease.state()).isEqualTo(LeaseState.HELD);
      assertThat(lease.isValid()).isTrue();
      assertThat(lease.token().incarnation()).isEqualTo(one.incarnation());
      assertThat(queueNodes("stock/sku-42")).hasSize(1);
    }
    await().untilAsserted(() -> assertThat(queueNodes("stock/sku-42")).isEmpty());
  }

  @Test
  void acquire_heldByAnotherClient_waitsAndGetsAGreaterToken() throws Exception {
    Lease first = DistributedLock.named("a", one).acquire(LONG);
    CompletableFuture<Lease> second = DistributedLock.named("a", two).acquireAsync();
    await().untilAsserted(() -> assertThat(queueNodes("a")).hasSize(2));
    assertThat(second).isNotDone();
    first.close();
    try (Lease lease = second.get(20, TimeUnit.SECONDS)) {
      assertThat(lease.token()).isGreaterThan(first.token());
      assertThat(first.state()).isEqualTo(LeaseState.RELEASED);
    }
  }

  @Test
  void acquire_manyWaiters_areGrantedInTheOrderOfTheQueue() throws Exception {
    Lease first = DistributedLock.named("fifo", one).acquire(LONG);
    List<Integer> granted = new ArrayList<>();
    List<CompletableFuture<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int turn = i;
      ZkClient client = i % 2 == 0 ? one : two;
      waiters.add(DistributedLock.named("fifo", client).acquireAsync().thenAccept(lease -> {
        granted.add(turn);
        lease.close();
      }));
      int queued = i + 2;
      await().pollInterval(Duration.ofMillis(1)).until(() -> queueNodes("fifo").size() == queued);
    }
    first.close();
    CompletableFuture.allOf(waiters.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
    assertThat(granted).isSorted().hasSize(20);
  }

  @Test
  void acquire_timeout_saysWhatItWaitedForAndLeavesNothing() throws Exception {
    try (Lease held = DistributedLock.named("b", one).acquire(LONG)) {
      assertThatThrownBy(() -> DistributedLock.named("b", two).acquire(Duration.ofMillis(200)))
          .isInstanceOf(LockTimeoutException.class)
          .hasMessageContaining("lock b: not granted within PT0.2S, waiting behind 1");
      await().untilAsserted(() -> assertThat(queueNodes("b")).hasSize(1));
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void acquire_negativeTimeout_isRefusedBeforeAnyRequest() {
    DistributedLock lock = DistributedLock.named("b", one);
    assertThatThrownBy(() -> lock.acquire(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout: PT-0.001S (expected: zero or more)");
  }

  @Test
  void named_badName_isRefusedBeforeAnyRequest() {
    assertThatThrownBy(() -> DistributedLock.named("a//b", one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lock: \"a//b\" (expected: ");
    assertThatThrownBy(() -> DistributedLock.named("../x", one))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DistributedLock.named("~q", one))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tryAcquire_busyLock_isEmptyAtOnce() throws Exception {
    try (Lease held = DistributedLock.named("c", one).acquire(LONG)) {
      assertThat(DistributedLock.named("c", two).tryAcquire()).isEmpty();
      assertThat(held.isValid()).isTrue();
      assertThat(queueNodes("c")).hasSize(1);
    }
  }

  @Test
  void tryAcquire_freeLock_isHeld() throws Exception {
    Optional<Lease> lease = DistributedLock.named("never/used", one).tryAcquire();
    assertThat(lease).isPresent();
    lease.get().close();
  }

  @Test
  void ifFree_runsTheActionUnderTheLock() throws Exception {
    DistributedLock lock = DistributedLock.named("d", one);
    Optional<FencingToken> token = lock.ifFree(Lease::token);
    assertThat(token).isPresent();
    try (Lease held = lock.acquire(LONG)) {
      assertThat(held.token()).isGreaterThan(token.get());
      assertThat(DistributedLock.named("d", two).ifFree(Lease::token)).isEmpty();
    }
  }

  @Test
  void acquireAsync_cancelledWhileWaiting_leavesNoNodeAndNeverTakesTheLock() throws Exception {
    Lease held = DistributedLock.named("e", one).acquire(LONG);
    CompletableFuture<Lease> waiting = DistributedLock.named("e", two).acquireAsync();
    await().until(() -> queueNodes("e").size() == 2);
    waiting.cancel(true);
    await().until(() -> queueNodes("e").size() == 1);
    held.close();
    try (Lease next = DistributedLock.named("e", one).acquire(LONG)) {
      assertThat(next.isValid()).isTrue();
    }
  }

  @Test
  @Tag("full")
  void acquireAsync_cancelledAtOnce_leavesNoNode() throws Exception {
    for (int i = 0; i < 200; i++) {
      DistributedLock.named("f", one).acquireAsync().cancel(true);
    }
    await().untilAsserted(() -> assertThat(queueNodes("f")).isEmpty());
    try (Lease lease = DistributedLock.named("f", two).acquire(LONG)) {
      assertThat(lease.isValid()).isTrue();
    }
  }

  @Test
  void acquireAsync_timeout_failsTheFuture() throws Exception {
    try (Lease held = DistributedLock.named("g", one).acquire(LONG)) {
      CompletableFuture<Lease> late =
          DistributedLock.named("g", two).acquireAsync(Duration.ofMillis(50));
      assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(LockTimeoutException.class);
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void released_afterClose_completesWhenTheNodeIsGone() throws Exception {
    Lease lease = DistributedLock.named("h", one).acquire(LONG);
    assertThat(lease.released()).isNotDone();
    lease.close();
    lease.close();
    lease.released().get(20, TimeUnit.SECONDS);
    assertThat(queueNodes("h")).isEmpty();
  }

  @Test
  void close_client_givesUpItsLeasesAndEndsItsWaits() throws Exception {
    Lease held = DistributedLock.named("i", one).acquire(LONG);
    CompletableFuture<Lease> waiting = DistributedLock.named("i", one).acquireAsync();
    one.close();
    assertThat(held.isValid()).isFalse();
    assertThat(waiting).isCompletedExceptionally();
    try (Lease lease = DistributedLock.named("i", two).acquire(LONG)) {
      assertThat(lease.token()).isGreaterThan(held.token());
    }
  }

  @Test
  void acquire_ownNodeRemovedByAnOperator_holderIsTold() throws Exception {
    CompletableFuture<Lease> told = new CompletableFuture<>();
    Lease held = DistributedLock.named("j", one).acquire(LONG);
    held.onLost(told::complete);
    removeNode(queueNodes("j").get(0).path());
    assertThat(told.get(20, TimeUnit.SECONDS)).isSameAs(held);
    assertThat(held.state()).isEqualTo(LeaseState.LOST);
  }

  private void removeNode(String path) throws Exception {
    try (org.apache.zookeeper.ZooKeeper admin =
        new org.apache.zookeeper.ZooKeeper(server.connectString(), 10_000, event -> {})) {
      await().until(() -> admin.getState().isConnected());
      admin.delete(path, -1);
    }
  }

  private List<ZkNode> queueNodes(String lock) {
    String folder = root + "/locks/" + lock + "/~q/";
    return server.nodes(root).stream()
        .filter(node -> node.path().startsWith(folder))
        .toList();
  }
}
