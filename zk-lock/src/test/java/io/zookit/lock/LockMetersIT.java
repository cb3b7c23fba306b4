package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.lock.internal.store.QueueEntry;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The meters of locks. */
class LockMetersIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final class Recorded implements Meters {
    final Map<String, Long> counts = new ConcurrentHashMap<>();
    final Map<String, DoubleSupplier> gauges = new ConcurrentHashMap<>();

    @Override
    public void count(String name, long amount) {
      counts.merge(name, amount, Long::sum);
    }

    @Override
    public void time(String name, long nanos) {}

    @Override
    public Subscription gauge(String name, DoubleSupplier value) {
      gauges.put(name, value);
      return () -> gauges.remove(name, value);
    }

    double read(String name) {
      return Objects.requireNonNull(gauges.get(name), name).getAsDouble();
    }
  }

  private final Recorded recorded = new Recorded();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient client = world.keep(ZkClient.builder(world.server.connectString())
      .connectTimeout(Duration.ofMinutes(1))
      .root(world.root)
      .meters(recorded)
      .connect());

  private void acquireAndRelease(DistributedLock lock) throws Exception {
    Lease lease = lock.acquire(LockWorld.LONG);
    lease.close();
    assertThat(lease.released()).succeedsWithin(LockWorld.LONG);
  }

  /** The place in the queue and the claims that lost a race do not count, only the request itself. */
  @Test
  void gauges_numberedLeases_countEachRequestAndEachLeaseOnce() throws Exception {
    NumberedLeases numbers = NumberedLeases.named("n", 1, client);
    NumberedLease held = numbers.acquire(LockWorld.LONG);
    CompletableFuture<NumberedLease> waiting = numbers.acquireAsync();
    world.awaitQueue("n", 2);
    assertThat(recorded.read("zookit.lock.held")).isEqualTo(1);
    assertThat(recorded.read("zookit.lock.waiting")).isEqualTo(1);
    held.close();
    NumberedLease next = waiting.get(30, TimeUnit.SECONDS);
    assertThat(recorded.read("zookit.lock.held")).isEqualTo(1);
    assertThat(recorded.read("zookit.lock.waiting")).isZero();
    assertThat(numbers.tryAcquire()).isEmpty();
    next.close();
    assertThat(recorded.read("zookit.lock.held")).isZero();
    assertThat(recorded.read("zookit.lock.waiting")).isZero();
  }

  @Test
  void sequenceHeadroom_numbersRunOut_shrinksAndIsWholeAfterTheyStartAgain() throws Exception {
    DistributedLock lock = DistributedLock.named("a", client);
    acquireAndRelease(lock);
    double whole = recorded.read("zookit.lock.sequence-headroom");
    assertThat(whole).isGreaterThan(2_000_000_000.0);
    world.server.setSequence(world.queuePath("a"), 1_000_000_000);
    acquireAndRelease(lock);
    assertThat(recorded.read("zookit.lock.sequence-headroom")).isEqualTo(whole - 1_000_000_000);
    world.server.setSequence(world.queuePath("a"), QueueEntry.SEQUENCE_RENEWAL);
    acquireAndRelease(lock);
    acquireAndRelease(lock);
    assertThat(recorded.read("zookit.lock.sequence-headroom")).isEqualTo(whole);
  }

  /** The read of a lock that is not free is answered when no caller waits for it any more. */
  @Test
  void waiting_tryAcquireInterruptedWhileItLooks_isCountedOnce() throws Exception {
    DistributedLock.named("a", client).acquire(LockWorld.LONG);
    FaultProxy proxy = world.proxy();
    Recorded mine = new Recorded();
    ZkClient other = world.keep(ZkClient.builder(proxy.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(world.root)
        .meters(mine)
        .connect());
    DistributedLock plain = DistributedLock.named("a", other);
    DistributedLock shared =
        DistributedLock.builder("a", other).localHandOff(10).build();
    for (DistributedLock lock : List.of(plain, shared)) {
      proxy.resetCounters();
      proxy.delayReplies(Duration.ofSeconds(10));
      CompletableFuture<Thread> trying = new CompletableFuture<>();
      CompletableFuture<Optional<Lease>> tried = CompletableFuture.supplyAsync(() -> {
        trying.complete(Thread.currentThread());
        try {
          return lock.tryAcquire();
        } catch (InterruptedException e) {
          throw new CompletionException(e);
        }
      });
      await().until(() -> proxy.requests(Op.GET_CHILDREN) == 1);
      trying.get().interrupt();
      assertThat(tried)
          .failsWithin(LockWorld.LONG)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(InterruptedException.class);
      proxy.heal();
      assertThat(lock.tryAcquire()).isEmpty(); // answered behind the other
      assertThat(mine.read("zookit.lock.waiting")).isZero();
    }
    assertThat(mine.counts).containsEntry("zookit.lock.given-up", 4L);
  }

  @Test
  void handOffs_insideTheProcess_areCounted() throws Exception {
    DistributedLock lock = DistributedLock.builder("a", client).localHandOff(10).build();
    Lease first = lock.acquire(LockWorld.LONG);
    CompletableFuture<Lease> second = lock.acquireAsync();
    CompletableFuture<Lease> third = lock.acquireAsync();
    first.close();
    second.get().close();
    third.get().close();
    assertThat(recorded.counts).containsEntry("zookit.lock.hand-offs", 2L);
    world.awaitQueue("a", 0);
    assertThat(recorded.read("zookit.lock.waiting")).isZero();
    assertThat(recorded.read("zookit.lock.held")).isZero();
  }
}
