package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.internal.blocking.ReentrantHolds;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Locks in the form of java.util.concurrent. */
@SuppressWarnings("LockNotBeforeTry") // what the locks do without a finally is what is tested
@Tag("full")
class JavaLockIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  /** Runs on a thread of its own. */
  private static <T> CompletableFuture<T> elsewhere(Callable<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        done.complete(task.call());
      } catch (Throwable e) {
        done.completeExceptionally(e);
      }
    });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  @Test
  void tryLock_forEver_waitsLikeALock() throws Exception {
    JavaLock lock = DistributedLock.named("endless", world.client("endless")).asJavaLock();
    assertThat(lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
    lock.unlock();
    assertThat(lock.tryLock(Long.MAX_VALUE, TimeUnit.NANOSECONDS)).isTrue();
    lock.unlock();
    assertThat(lock.tryLock(Long.MIN_VALUE, TimeUnit.DAYS)).isTrue();
    lock.unlock();
  }

  @Test
  void lock_sameThreadAgain_isCountedWithOneNodeAndOneToken() {
    JavaLock lock = DistributedLock.named("a", one).asJavaLock();
    JavaLock sameName = DistributedLock.named("a", one).asJavaLock();
    lock.lock();
    Lease lease = lock.lease();
    sameName.lock();
    assertThat(sameName.tryLock()).isTrue();
    assertThat(sameName.lease()).isSameAs(lease);
    assertThat(world.queue("a")).hasSize(1);
    sameName.unlock();
    lock.unlock();
    assertThat(lease.isValid()).isTrue();
    sameName.unlock();
    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    assertThat(ReentrantHolds.in(CoreClient.of(one)).size()).isZero();
    world.awaitQueue("a", 0);
  }

  @Test
  void lock_otherThreadOfTheSameClient_isKeptOut() throws Exception {
    JavaLock lock = DistributedLock.named("a", one).asJavaLock();
    lock.lock();
    assertThat(elsewhere(() -> lock.tryLock()).get(20, TimeUnit.SECONDS)).isFalse();
    assertThatThrownBy(() -> elsewhere(() -> {
              lock.unlock();
              return true;
            })
            .get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalMonitorStateException.class);
    CompletableFuture<Boolean> next = elsewhere(() -> {
      lock.lock();
      lock.unlock();
      return true;
    });
    world.awaitQueue("a", 2);
    lock.unlock();
    assertThat(next.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void unlock_notHeld_isRefused() {
    JavaLock lock = DistributedLock.named("a", one).asJavaLock();
    assertThatThrownBy(lock::unlock)
        .isInstanceOf(IllegalMonitorStateException.class)
        .isNotInstanceOf(LockLostException.class)
        .hasMessage("lock a: this thread does not hold it");
    assertThatThrownBy(lock::lease).isInstanceOf(IllegalMonitorStateException.class);
  }

  @Test
  @Tag("full")
  void unlock_afterALoss_throwsOnceForEachEntryAndThenItCanBeLockedAgain() throws Exception {
    JavaLock lock = DistributedLock.named("a", one).asJavaLock();
    lock.lock();
    lock.lock();
    Lease lease = lock.lease();
    world.delete(world.queue("a").get(0).path());
    await().until(() -> lease.state() == LeaseState.LOST);
    assertThatThrownBy(lock::lock).isInstanceOf(LockLostException.class);
    assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
    assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
    assertThatThrownBy(lock::unlock).isNotInstanceOf(LockLostException.class);
    lock.lock();
    assertThat(lock.lease().isValid()).isTrue();
    lock.unlock();
  }

  @Test
  void lock_interrupted_keepsItsPlaceAndTheInterrupt() throws Exception {
    JavaLock lock = DistributedLock.named("a", one).asJavaLock();
    Lease held = DistributedLock.named("a", two).acquire(LockWorld.LONG);
    CompletableFuture<Thread> waiter = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = elsewhere(() -> {
      waiter.complete(Thread.currentThread());
      lock.lock();
      lock.unlock();
      return Thread.currentThread().isInterrupted();
    });
    world.awaitQueue("a", 2);
    String place = world.queue("a").get(1).path();
    waiter.get().interrupt();
    await().until(() -> waiter.get().getState() == Thread.State.WAITING);
    assertThat(world.queue("a").get(1).path()).isEqualTo(place);
    held.close();
    assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void lockInterruptibly_interrupted_leavesNoNode() throws Exception {
    Lock lock = DistributedLock.named("a", one).asJavaLock();
    Lease held = DistributedLock.named("a", two).acquire(LockWorld.LONG);
    CompletableFuture<Thread> waiter = new CompletableFuture<>();
    CompletableFuture<Boolean> waiting = elsewhere(() -> {
      waiter.complete(Thread.currentThread());
      lock.lockInterruptibly();
      return true;
    });
    world.awaitQueue("a", 2);
    waiter.get().interrupt();
    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    world.awaitQueue("a", 1);
    held.close();
  }

  @Test
  void lockInterruptibly_interruptedBeforehand_isRefusedAlsoWhenTheThreadHasIt() throws Exception {
    Lock lock = DistributedLock.named("a", one).asJavaLock();
    lock.lock();
    Thread.currentThread().interrupt();
    assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS))
        .isInstanceOf(InterruptedException.class);
    lock.unlock();
    world.awaitQueue("a", 0);
  }

  @Test
  void tryLock_withTime_isFalseWhenTheTimeIsOver() throws Exception {
    Lock lock = DistributedLock.named("a", one).asJavaLock();
    try (Lease held = DistributedLock.named("a", two).acquire(LockWorld.LONG)) {
      assertThat(lock.tryLock(50, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(lock.tryLock(0, TimeUnit.SECONDS)).isFalse();
      assertThat(held.isValid()).isTrue();
    }
    assertThat(lock.tryLock(20, TimeUnit.SECONDS)).isTrue();
    lock.unlock();
  }

  @Test
  void tryLock_interrupted_answersAndKeepsTheInterrupt() {
    Lock lock = DistributedLock.named("a", one).asJavaLock();
    Thread.currentThread().interrupt();
    assertThat(lock.tryLock()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    lock.unlock();
    world.awaitQueue("a", 0);
  }

  @Test
  void tryLock_notConnected_saysSo() {
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.client("cut", proxy, Duration.ofSeconds(10));
    proxy.refuse();
    proxy.cut();
    await().until(() -> !cut.session().state().name().equals("CONNECTED"));
    assertThatThrownBy(() -> DistributedLock.named("a", cut).asJavaLock().tryLock())
        .isInstanceOf(ZkUnavailableException.class);
  }

  @Test
  void newCondition_isRefused() {
    assertThatThrownBy(() -> DistributedLock.named("a", one).asJavaLock().newCondition())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("lock a: has no conditions");
  }

  @Test
  void writeLock_whileTheThreadReads_isRefusedInsteadOfWaitingForItself() {
    ReadWriteLock lock = DistributedReadWriteLock.named("rw", one).asJavaLock();
    Lock mutex = DistributedLock.named("rw", one).asJavaLock();
    lock.readLock().lock();
    assertThatThrownBy(() -> lock.writeLock().lock())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this thread holds the read lock");
    assertThatThrownBy(() -> lock.writeLock().tryLock()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(mutex::lock).isInstanceOf(IllegalStateException.class);
    assertThat(world.queue("rw")).hasSize(1);
    lock.readLock().unlock();
    lock.writeLock().lock();
    lock.writeLock().unlock();
  }

  @Test
  void readLock_whileTheThreadWrites_isDowngradedWhenTheWriteEnds() throws Exception {
    ReadWriteLock lock = DistributedReadWriteLock.named("rw", one).asJavaLock();
    DistributedReadWriteLock theirs = DistributedReadWriteLock.named("rw", two);
    lock.writeLock().lock();
    lock.readLock().lock();
    Lease lease = ((JavaLock) lock.readLock()).lease();
    String node = world.queue("rw").get(0).path();
    assertThat(theirs.readLock().tryAcquire()).isEmpty();
    CompletableFuture<Lease> reader = theirs.readLock().acquireAsync();
    world.awaitQueue("rw", 2);
    lock.writeLock().unlock();
    reader.get(20, TimeUnit.SECONDS).close();
    assertThat(((JavaLock) lock.readLock()).lease().token()).isEqualTo(lease.token());
    assertThat(world.queue("rw").get(0).path()).isEqualTo(node);
    assertThat(theirs.writeLock().tryAcquire()).isEmpty();
    assertThatThrownBy(() -> lock.writeLock().lock()).isInstanceOf(IllegalStateException.class);
    lock.readLock().unlock();
    theirs.writeLock().acquire(LockWorld.LONG).close();
  }

  @Test
  void readLock_leftBeforeTheWrite_excludesUntilTheWriteEnds() throws Exception {
    ReadWriteLock lock = DistributedReadWriteLock.named("rw", one).asJavaLock();
    DistributedReadWriteLock theirs = DistributedReadWriteLock.named("rw", two);
    lock.writeLock().lock();
    lock.readLock().lock();
    lock.readLock().unlock();
    assertThat(theirs.readLock().tryAcquire()).isEmpty();
    lock.writeLock().unlock();
    theirs.readLock().acquire(LockWorld.LONG).close();
  }

  @Test
  void lock_enteredAgain_costsNoRequest() throws Exception {
    FaultProxy proxy = world.proxy();
    Lock lock = DistributedLock.named("a", world.clientWithoutTimers(proxy)).asJavaLock();
    lock.lock();
    proxy.resetCounters();
    for (int i = 0; i < 50; i++) {
      lock.lock();
    }
    for (int i = 0; i < 50; i++) {
      lock.unlock();
    }
    assertThat(proxy.requests(Op.CREATE2) + proxy.requests(Op.DELETE)).isZero();
    lock.unlock();
    await().until(() -> proxy.requests(Op.DELETE) == 1);
  }

  @Test
  void permits_asJavaLock_areApartFromOtherNumbersOfThem() {
    DistributedSemaphore semaphore = DistributedSemaphore.named("s", 3, one);
    JavaLock pair = semaphore.permits(2).asJavaLock();
    JavaLock single = semaphore.permits(1).asJavaLock();
    pair.lock();
    single.lock();
    assertThat(pair.lease()).isNotSameAs(single.lease());
    single.unlock();
    pair.unlock();
    world.awaitQueue("s", 0);
  }
}
