package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReadWriteLockIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");
  private final DistributedReadWriteLock mine = DistributedReadWriteLock.named("rw", one);
  private final DistributedReadWriteLock theirs = DistributedReadWriteLock.named("rw", two);

  @Test
  void readers_areTogether_writersAlone() throws Exception {
    Lease first = mine.readLock().acquire(LockWorld.LONG);
    Lease second = theirs.readLock().acquire(LockWorld.LONG);
    assertThat(mine.writeLock().tryAcquire()).isEmpty();
    first.close();
    second.close();
    try (Lease writer = mine.writeLock().acquire(LockWorld.LONG)) {
      assertThat(writer.token()).isGreaterThan(second.token());
      assertThat(theirs.readLock().tryAcquire()).isEmpty();
      assertThat(theirs.writeLock().tryAcquire()).isEmpty();
    }
  }

  @Test
  void reader_behindAWaitingWriter_doesNotPassIt() throws Exception {
    Lease reading = mine.readLock().acquire(LockWorld.LONG);
    CompletableFuture<Lease> writer = theirs.writeLock().acquireAsync();
    world.awaitQueue("rw", 2);
    CompletableFuture<Lease> reader = mine.readLock().acquireAsync();
    world.awaitQueue("rw", 3);
    assertThat(writer).isNotDone();
    assertThat(reader).isNotDone();
    reading.close();
    Lease wrote = writer.get(20, TimeUnit.SECONDS);
    assertThat(reader).isNotDone();
    wrote.close();
    reader.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void mutexOfTheSameName_isTheWriteLock() throws Exception {
    try (Lease held = DistributedLock.named("rw", one).acquire(LockWorld.LONG)) {
      assertThat(theirs.readLock().tryAcquire()).isEmpty();
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  void downgrade_keepsPlaceAndToken_letsReadersInAndWritersWait() throws Exception {
    Lease lease = mine.writeLock().acquire(LockWorld.LONG);
    CompletableFuture<Lease> reader = theirs.readLock().acquireAsync();
    world.awaitQueue("rw", 2);
    String node = world.queue("rw").get(0).path();
    assertThat(reader).isNotDone();
    mine.downgrade(lease);
    Lease reading = reader.get(20, TimeUnit.SECONDS);
    assertThat(lease.isValid()).isTrue();
    assertThat(world.queue("rw").get(0).path()).isEqualTo(node);
    assertThat(theirs.readLock().tryAcquire()).isPresent().get().satisfies(Lease::close);
    assertThat(theirs.writeLock().tryAcquire()).isEmpty();
    reading.close();
    lease.close();
    theirs.writeLock().acquire(LockWorld.LONG).close();
  }

  @Test
  void downgrade_besideAWaitingWriter_doesNotLetReadersBehindHimIn() throws Exception {
    Lease lease = mine.writeLock().acquire(LockWorld.LONG);
    CompletableFuture<Lease> writer = theirs.writeLock().acquireAsync();
    world.awaitQueue("rw", 2);
    CompletableFuture<Lease> reader = theirs.readLock().acquireAsync();
    world.awaitQueue("rw", 3);
    mine.downgrade(lease);
    assertThat(theirs.writeLock().tryAcquire()).isEmpty();
    assertThat(writer).isNotDone();
    assertThat(reader).isNotDone();
    lease.close();
    writer.get(20, TimeUnit.SECONDS).close();
    reader.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  @Tag("full")
  void downgrade_cutAtItsWrite_isRepeatedAfterTheReconnect() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.client("cut", proxy, Duration.ofSeconds(10));
    DistributedReadWriteLock lock = DistributedReadWriteLock.named("rw", cut);
    Lease lease = lock.writeLock().acquire(LockWorld.LONG);
    CompletableFuture<Lease> reader = theirs.readLock().acquireAsync();
    world.awaitQueue("rw", 2);
    Fault fault = proxy.cutBefore(Op.SET_DATA, 1);
    lock.downgrade(lease);
    reader.get(20, TimeUnit.SECONDS).close();
    assertThat(fault.landed()).isTrue();
    await().untilAsserted(() -> assertThat(lease.isValid()).isTrue());
    lease.close();
  }

  @Test
  void downgrade_notAWriteLease_isRefused() throws Exception {
    try (Lease reading = mine.readLock().acquire(LockWorld.LONG)) {
      assertThatThrownBy(() -> mine.downgrade(reading))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Lease over = mine.writeLock().acquire(LockWorld.LONG);
    over.close();
    assertThatThrownBy(() -> mine.downgrade(over)).isInstanceOf(LockLostException.class);
  }
}
