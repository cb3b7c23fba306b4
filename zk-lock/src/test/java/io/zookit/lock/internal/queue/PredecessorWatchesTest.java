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
import org.junit.jupiter.api.Test;

/** The nodes that a request watches behind two others, by the time for which leases were held before; in virtual time. */
class PredecessorWatchesTest {

  private static final Duration LONG = Duration.ofMillis(200);

  private final VirtualTime time = new VirtualTime(3);
  private final SimulatedEnsemble ensemble = new SimulatedEnsemble(time);
  private final List<Throwable> failures = new ArrayList<>();
  private final QueueLock first = lock("first");
  private final QueueLock second = lock("second");
  private final QueueLock waiter = lock("waiter");

  private QueueLock lock(String label) {
    SimulatedCurator curator =
        new SimulatedCurator(new VirtualProcess(time), ensemble, 10 * VirtualTime.SECOND);
    SimulatedClient client = new SimulatedClient(label, new ZkPath("/zk"), curator, failures::add);
    LockEngine engine = LockEngine.in(client);
    curator.connect();
    return QueueLock.of(
        engine,
        "a",
        List.of(Claim.lookingAhead(new LockQueue(client, "a"))),
        LockOptions.plain(engine, "a"));
  }

  @Test
  void wait_leasesWereHeldBriefly_watchesOnlyTheNearest() {
    time.flights(VirtualTime.MILLI, VirtualTime.MILLI);
    holdSeveralTimes(Duration.ZERO);
    CompletableFuture<Lease> held = request(first);
    CompletableFuture<Lease> nearest = request(second);

    CompletableFuture<Lease> waiting = request(waiter);
    assertThat(watchedInQueue()).as("two by the nearest, one by the waiter").hasSize(3);

    held.join().close();
    nearest.thenAccept(Lease::close);
    time.run(LONG);
    assertThat(waiting).isCompleted();
    assertThat(failures).isEmpty();
  }

  @Test
  void wait_leasesWereHeldLong_watchesTheOneBeforeToo_andItselfWhenOneIsLeft() {
    time.flights(VirtualTime.MILLI, VirtualTime.MILLI);
    holdSeveralTimes(LONG);
    CompletableFuture<Lease> held = request(first);
    CompletableFuture<Lease> nearest = request(second);

    CompletableFuture<Lease> waiting = request(waiter);
    assertThat(watchedInQueue()).as("two by the nearest, two by the waiter").hasSize(4);

    held.join().close();
    time.run(LONG);
    assertThat(watchedInQueue()).as("one by the nearest, two by the waiter").hasSize(3);
    nearest.join().close();
    time.run(LONG);
    assertThat(waiting).isCompleted();
    assertThat(failures).isEmpty();
  }

  /** Holds the lock several times as the waiter, each time behind another request, so that the queue is listed. */
  private void holdSeveralTimes(Duration hold) {
    for (int i = 0; i < 8; i++) {
      CompletableFuture<Lease> ahead = request(first);
      CompletableFuture<Lease> lease = request(waiter);
      if (hold.isZero()) {
        lease.thenAccept(Lease::close);
      }
      ahead.join().close();
      time.run(LONG);
      if (!hold.isZero()) {
        time.run(hold);
        lease.join().close();
      }
      time.run(LONG);
    }
  }

  private CompletableFuture<Lease> request(QueueLock lock) {
    CompletableFuture<Lease> lease = lock.acquireAsync();
    time.run(LONG);
    return lease;
  }

  private List<String> watchedInQueue() {
    return ensemble.servers().stream()
        .flatMap(server -> server.watchedPaths().stream())
        .filter(path -> path.contains("/~q/"))
        .toList();
  }
}
