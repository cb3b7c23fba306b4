package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.internal.handoff.HandOffQueues;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that several owners of one process have one after the other. */
@Tag("full")
class LocalHandOffIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private FaultProxy proxy;
  private ZkClient client;
  private DistributedLock theirs;

  @BeforeEach
  void open() throws Exception {
    proxy = world.proxy();
    client = world.clientWithoutTimers(proxy);
    theirs = DistributedLock.named("a", world.client("other"));
    theirs.acquire(LockWorld.LONG).close();
    world.awaitQueue("a", 0);
  }

  private DistributedLock sharing(int bound) {
    return DistributedLock.builder("a", client).localHandOff(bound).build();
  }

  private static Lease got(CompletableFuture<Lease> asked) throws Exception {
    return asked.get(20, TimeUnit.SECONDS);
  }

  @Test
  void handOff_nextInTheProcess_isNoRequestAndAGreaterHandOffNumber() throws Exception {
    DistributedLock lock = sharing(10);
    Lease first = lock.acquire();
    CompletableFuture<Lease> asked = lock.acquireAsync();
    LockWorld.settle(client); // the node is watched
    PacketCounts before = proxy.counts();
    first.close();
    Lease second = got(asked);
    assertThat(proxy.counts().minus(before).requests(Op.ANY)).isZero();
    assertThat(second.token()).isGreaterThan(first.token());
    assertThat(second.token().zxid()).isEqualTo(first.token().zxid());
    assertThat(second.token().handOff()).isEqualTo(1);
    assertThat(first.state()).isEqualTo(LeaseState.RELEASED);
    assertThat(first.released()).succeedsWithin(LockWorld.LONG);
    assertThat(second.isValid()).isTrue();
    second.close();
    assertThat(second.released()).succeedsWithin(LockWorld.LONG);
    world.awaitQueue("a", 0);
  }

  @Test
  void acquire_sixtyOfOneProcess_costAConstantNumberOfPackets() throws Exception {
    DistributedLock lock = sharing(100);
    ConcurrentLinkedQueue<FencingToken> tokens = new ConcurrentLinkedQueue<>();
    proxy.resetCounters();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    Lease first = lock.acquire();
    for (int i = 0; i < 60; i++) {
      all.add(lock.acquireAsync().thenAccept(lease -> {
        tokens.add(lease.token());
        lease.close();
      }));
    }
    first.close();
    CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
    world.awaitQueue("a", 0);
    assertThat(List.copyOf(tokens)).hasSize(60).isSorted().doesNotHaveDuplicates();
    assertThat(proxy.recorded())
        .containsExactly(Op.MULTI, Op.MULTI, Op.GET_DATA, Op.DELETE); // the queue existed
  }

  @Test
  void handOff_nodeWasRemovedByAnOperator_isRefusedAndTheNextQueuesBehindOthers() throws Exception {
    DistributedLock lock = sharing(10);
    Lease broken = lock.acquire();
    CompletableFuture<Lease> other = theirs.acquireAsync();
    world.awaitQueue("a", 2);
    world.delete(world.queue("a").get(0).path());
    Lease between = got(other);
    CompletableFuture<Lease> asked = lock.acquireAsync();
    broken.close();
    world.awaitQueue("a", 2);
    assertThat(asked).isNotDone();
    between.close();
    Lease next = got(asked);
    assertThat(next.token()).isGreaterThan(between.token());
    next.close();
    assertThat(broken.released()).succeedsWithin(LockWorld.LONG);
  }

  @Test
  void node_removedByAnOperatorWhileRequestsWait_leaseIsLostAndTheNextQueueBehindOthers()
      throws Exception {
    DistributedLock lock = sharing(10);
    Lease broken = lock.acquire();
    CompletableFuture<Lease> asked = lock.acquireAsync();
    LockWorld.settle(client);
    CompletableFuture<Lease> other = theirs.acquireAsync();
    world.awaitQueue("a", 2);
    world.delete(world.queue("a").get(0).path());
    await().atMost(LockWorld.LONG).until(() -> broken.state() == LeaseState.LOST);
    Lease between = got(other);
    world.awaitQueue("a", 2);
    assertThat(asked).isNotDone();
    between.close();
    Lease next = got(asked);
    assertThat(next.token()).isGreaterThan(between.token());
    next.close();
  }

  @Test
  void close_connectionBreaksBeforeTheNodeIsConfirmed_isNotHandedOn() throws Exception {
    DistributedLock lock = sharing(10);
    Lease first = lock.acquire();
    proxy.delayReplies(Duration.ofHours(1));
    CompletableFuture<Lease> asked = lock.acquireAsync();
    first.close();
    assertThat(first.released()).isNotDone();
    proxy.cut();
    proxy.heal();
    Lease next = got(asked);
    assertThat(next.token().handOff()).isZero();
    assertThat(first.released()).succeedsWithin(LockWorld.LONG);
    next.close();
  }

  @Test
  void handOff_atTheBound_goesBehindThoseOfOtherProcesses() throws Exception {
    DistributedLock lock = sharing(2);
    Lease first = lock.acquire();
    List<CompletableFuture<Lease>> mine =
        List.of(lock.acquireAsync(), lock.acquireAsync(), lock.acquireAsync());
    CompletableFuture<Lease> other = theirs.acquireAsync();
    world.awaitQueue("a", 2);
    first.close();
    Lease second = got(mine.get(0));
    assertThat(other).isNotDone();
    second.close();
    Lease between = got(other);
    assertThat(between.token()).isGreaterThan(second.token());
    world.awaitQueue("a", 2);
    assertThat(mine.get(1)).isNotDone();
    between.close();
    Lease third = got(mine.get(1));
    assertThat(third.token()).isGreaterThan(between.token());
    assertThat(third.token().handOff()).isZero();
    third.close();
    got(mine.get(2)).close();
    world.awaitQueue("a", 0);
    assertThat(HandOffQueues.in(CoreClient.of(client)).size()).isZero();
  }

  /** The server would accept it: the node exists, only its owner has changed. */
  @Test
  void fenced_stalledOwnerAfterAHandOff_isRefused() throws Exception {
    DistributedLock lock = sharing(10);
    Lease stalled = lock.acquire();
    FencedTransaction late = stalled.fenced().create(world.root + "/x", new byte[0]);
    CompletableFuture<Lease> asked = lock.acquireAsync();
    String node = world.queue("a").get(0).path();
    stalled.close(); // by another thread, while its own still relies on it
    Lease next = got(asked);
    proxy.resetCounters();
    assertThatThrownBy(() -> late.commit().get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(LockLostException.class);
    assertThat(proxy.recorded()).isEmpty();
    assertThat(world.queue("a")).extracting(ZkNode::path).containsExactly(node);
    next.fenced().create(world.root + "/y", new byte[0]).commit().get(20, TimeUnit.SECONDS);
    assertThat(world.server.nodes(world.root))
        .extracting(ZkNode::path)
        .contains(world.root + "/y")
        .doesNotContain(world.root + "/x");
    next.close();
  }

  @Test
  void close_whileSuspect_isNotHandedOnButAskedForAgain() throws Exception {
    DistributedLock lock = sharing(10);
    Lease first = lock.acquire();
    CompletableFuture<Lease> asked = lock.acquireAsync();
    proxy.refuse();
    proxy.cut();
    await().until(() -> first.state() == LeaseState.SUSPECT);
    first.close();
    assertThat(asked).isNotDone();
    proxy.heal();
    Lease next = got(asked);
    assertThat(next.token().handOff()).isZero();
    assertThat(next.token().zxid()).isGreaterThan(first.token().zxid());
    next.close();
  }

  @Test
  @Tag("full")
  void lease_sessionExpired_isLostAndTheNextAskAgain() throws Exception {
    CuratorFramework curator = world.curator(world.server.connectString());
    DistributedLock lock =
        DistributedLock.builder("a", world.clientOver(curator)).localHandOff(10).build();
    Lease lost = lock.acquire();
    CompletableFuture<Lease> told = new CompletableFuture<>();
    lost.onLost(told::complete);
    CompletableFuture<Lease> asked = lock.acquireAsync();
    world.expire(curator);
    assertThat(told.get(20, TimeUnit.SECONDS)).isSameAs(lost);
    assertThat(lost.state()).isEqualTo(LeaseState.LOST);
    assertThat(lost.released()).succeedsWithin(LockWorld.LONG);
    Lease next = got(asked);
    assertThat(next.token()).isGreaterThan(lost.token());
    assertThat(next.isValid()).isTrue();
    lost.close();
    assertThat(next.isValid()).isTrue();
    next.close();
  }

  /** A close has two steps, and only the second is on the loop. */
  @Test
  @Tag("full")
  void close_lossComesBetweenItsSteps_isReleasedAllTheSame() throws Exception {
    CuratorFramework curator = world.curator(world.server.connectString());
    CompletableFuture<Lease> asked = new CompletableFuture<>();
    OnceBetween between = new OnceBetween(() -> {
      world.expire(curator);
      return got(asked).isValid(); // so the loss was noticed
    });
    DistributedLock lock = DistributedLock.builder(
            "a",
            world.keep(ZkClient.owning(curator).root(world.root).meters(between).connect()))
        .localHandOff(10)
        .build();
    Lease first = lock.acquire();
    lock.acquireAsync().thenAccept(asked::complete);
    first.close();
    assertThat(between.done).isCompletedWithValue(true);
    assertThat(first.state()).isEqualTo(LeaseState.RELEASED);
    assertThat(first.released()).succeedsWithin(LockWorld.LONG);
    got(asked).close();
    world.awaitQueue("a", 0);
  }

  /** Does something while the first lease is closed, on the thread that closes it. */
  private static final class OnceBetween implements Meters {
    final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final Callable<Boolean> step;
    private final AtomicBoolean begun = new AtomicBoolean();

    OnceBetween(Callable<Boolean> step) {
      this.step = step;
    }

    @Override
    public void time(String name, long nanos) {
      if (name.equals("zookit.lock.hold") && begun.compareAndSet(false, true)) {
        try {
          done.complete(step.call());
        } catch (Exception e) {
          done.completeExceptionally(e);
        }
      }
    }

    @Override
    public void count(String name, long amount) {}

    @Override
    public Subscription gauge(String name, DoubleSupplier value) {
      return () -> {};
    }
  }

  @Test
  void acquire_timedOutOrCancelled_leavesTheOthersInOrderAndNoNode() throws Exception {
    DistributedLock lock =
        DistributedLock.builder("a", world.client("timed")).localHandOff(10).build();
    Lease held = theirs.acquire(LockWorld.LONG);
    assertThatThrownBy(() -> lock.acquire(Duration.ofMillis(50)))
        .isInstanceOf(LockTimeoutException.class)
        .hasMessageContaining("lock a: not granted within PT0.05S, waiting behind 0");
    world.awaitQueue("a", 1);
    CompletableFuture<Lease> first = lock.acquireAsync();
    CompletableFuture<Lease> second = lock.acquireAsync();
    CompletableFuture<Lease> third = lock.acquireAsync();
    world.awaitQueue("a", 2);
    second.cancel(true);
    held.close();
    got(first).close();
    got(third).close();
    world.awaitQueue("a", 0);
  }

  @Test
  void tryAcquire_busyHereOrElsewhere_isEmptyAndFreeIsHeld() throws Exception {
    DistributedLock lock = sharing(10);
    try (Lease held = theirs.acquire(LockWorld.LONG)) {
      assertThat(lock.tryAcquire()).isEmpty();
      assertThat(held.isValid()).isTrue();
    }
    world.awaitQueue("a", 0);
    Lease mine = lock.tryAcquire().orElseThrow();
    assertThat(lock.tryAcquire()).isEmpty();
    mine.close();
    lock.tryAcquire().orElseThrow().close(); // asked for behind the delete
    world.awaitQueue("a", 0);
    assertThat(HandOffQueues.in(CoreClient.of(client)).size()).isZero();
  }

  /** The release is still in line when the next one begins to look. */
  @Test
  void tryAcquire_rightBehindALocalRelease_looksAfterTheDelete() throws Exception {
    DistributedLock lock = sharing(10);
    Lease mine = lock.acquire();
    CompletableFuture<Optional<Lease>> tried = new CompletableFuture<>();
    Thread next = new Thread(() -> {
      try {
        tried.complete(lock.tryAcquire());
      } catch (InterruptedException e) {
        tried.completeExceptionally(e);
      }
    });
    proxy.resetCounters();
    CoreClient.of(client)
        .loop()
        .execute(
            () -> { // the loop does nothing else until both are in line
              mine.close();
              next.start();
              await().atMost(LockWorld.LONG).until(() -> next.getState() == Thread.State.WAITING);
            });
    tried.get(20, TimeUnit.SECONDS).orElseThrow().close();
    assertThat(proxy.recorded()).startsWith(Op.DELETE, Op.GET_CHILDREN);
  }

  @Test
  void close_client_endsWaitsAndGivesUpTheNode() throws Exception {
    DistributedLock lock = sharing(10);
    Lease held = lock.acquire();
    CompletableFuture<Lease> asked = lock.acquireAsync();
    client.close();
    assertThat(held.isValid()).isFalse();
    assertThatThrownBy(() -> got(asked))
        .hasCauseInstanceOf(ZkException.class)
        .hasMessageContaining("the client is closed");
    theirs.acquire(LockWorld.LONG).close();
  }

  @Test
  void build_withDeadlockDetectionOrABadBound_isRefused() {
    assertThatThrownBy(() -> DistributedLock.builder("a", client)
            .localHandOff(3)
            .detectDeadlocks("p", Duration.ofSeconds(1))
            .build())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> DistributedLock.builder("a", client).localHandOff(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bound: 0 (expected: 1 to 1000000)");
  }
}
