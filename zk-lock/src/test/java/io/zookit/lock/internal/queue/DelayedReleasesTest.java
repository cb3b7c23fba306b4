package io.zookit.lock.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.lock.Lease;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Releases that wait for the next request, in virtual time. */
class DelayedReleasesTest {

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final int RETURNS_TO_LEARN = 3;

  private final VirtualTime time = new VirtualTime(7);
  private final SimulatedEnsemble ensemble = new SimulatedEnsemble(time);
  private final SimulatedCurator curator =
      new SimulatedCurator(new VirtualProcess(time), ensemble, 10 * VirtualTime.SECOND);
  private final List<Throwable> failures = new ArrayList<>();
  private final SimulatedClient client =
      new SimulatedClient("p", new ZkPath("/zk"), curator, failures::add);
  private final LockEngine engine = LockEngine.in(client);
  private final QueueLock lock = QueueLock.of(
      engine,
      "a",
      List.of(Claim.exclusive(new LockQueue(client, "a"))),
      LockOptions.plain(engine, "a"));
  private int transactions;

  @BeforeEach
  void connect() {
    curator.connect();
    time.run(SOON);
    ensemble.record((changes, zxid, session) -> transactions += changes.isEmpty() ? 0 : 1);
  }

  @Test
  void close_requestsFollowAtOnce_isOneTransactionWithTheNext() {
    Lease lease = returnTimes(RETURNS_TO_LEARN, acquire());
    int before = transactions;
    lease = returnTimes(10, lease);
    assertThat(transactions - before).isEqualTo(10);
    assertThat(nodes()).hasSize(1);
    assertThat(lease.isValid()).isTrue();
    assertThat(failures).isEmpty();
  }

  @Test
  void close_noRequestFollowsAsExpected_isSentAfterTheDelay() {
    Lease lease = returnTimes(RETURNS_TO_LEARN, acquire());
    lease.close();
    assertThat(lease.isValid()).isFalse();
    time.run(DelayedReleases.DELAY.dividedBy(2));
    assertThat(engine.queues().delayedReleases().size()).isOne();
    assertThat(lease.released()).isNotDone();
    time.run(SOON);
    assertThat(lease.released()).isDone();
    assertThat(nodes()).isEmpty();
    assertThat(engine.size()).isZero();
  }

  @Test
  void close_afterAReleaseThatNoneFollowed_isNotDelayed() {
    Lease lease = returnTimes(RETURNS_TO_LEARN, acquire());
    lease.close();
    time.run(SOON);
    acquire().close();
    assertThat(engine.queues().delayedReleases().size()).isZero();
  }

  @Test
  void close_clientClosesNext_isSentAtOnce() {
    Lease lease = returnTimes(RETURNS_TO_LEARN, acquire());
    lease.close();
    engine.close();
    assertThat(engine.queues().delayedReleases().size()).isZero();
    time.run(SOON);
    assertThat(nodes()).isEmpty();
  }

  @Test
  void close_connectionBreaksDuringTheDelay_isOwedByTheSession() {
    Lease lease = returnTimes(RETURNS_TO_LEARN, acquire());
    lease.close();
    curator.isolate();
    time.run(SOON);
    curator.rejoin();
    time.run(Duration.ofSeconds(20));
    assertThat(lease.released()).isDone();
    assertThat(nodes()).isEmpty();
  }

  private Lease acquire() {
    CompletableFuture<Lease> granted = lock.acquireAsync();
    time.run(SOON);
    return granted.join();
  }

  /** Closes a lease and acquires the lock again in the same instant, several times. */
  private Lease returnTimes(int times, Lease lease) {
    Lease current = lease;
    for (int i = 0; i < times; i++) {
      current.close();
      current = acquire();
    }
    return current;
  }

  private List<String> nodes() {
    return List.copyOf(ensemble.tree().where(node -> true).stream()
        .filter(path -> path.contains("/~q/"))
        .toList());
  }
}
