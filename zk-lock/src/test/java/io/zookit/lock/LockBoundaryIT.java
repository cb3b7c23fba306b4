package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The connection breaks at each request of an acquire and a release, in each way: the call ends in time, no node is
 * left, and the next client gets the lock.
 */
@Tag("full")
class LockBoundaryIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  enum Cut {
    BEFORE,
    AFTER,
    BLACK_HOLE;

    Fault arm(FaultProxy proxy, int n) {
      return switch (this) {
        case BEFORE -> proxy.cutBefore(Op.ANY, n);
        case AFTER -> proxy.cutAfter(Op.ANY, n);
        case BLACK_HOLE -> proxy.blackHole(Op.ANY, n);
      };
    }
  }

  private static final Duration SESSION = Duration.ofSeconds(4);
  private static final int COLD_REQUESTS =
      11; // 2 that fail, folders: root, locks, lock, ~q; 2 again, delete
  private static final int CONTENDED_REQUESTS = 4; // create, listing, watch, delete

  @Test
  void acquireAndRelease_cutAtEveryRequest_leavesNoOrphan() throws Exception {
    List<Callable<String>> cases = new ArrayList<>();
    for (Cut cut : Cut.values()) {
      for (int n = 1; n <= COLD_REQUESTS; n++) {
        int at = n;
        cases.add(() -> coldLock(cut, at));
      }
      for (int n = 1; n <= CONTENDED_REQUESTS; n++) {
        int at = n;
        cases.add(() -> contendedLock(cut, at));
      }
    }
    assertThat(runAll(cases))
        .filteredOn(result -> result.endsWith("landed"))
        .hasSizeGreaterThanOrEqualTo(28);
  }

  /** Runs cases concurrently, most of which wait. */
  static List<String> runAll(List<Callable<String>> cases) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(9);
    try {
      List<String> results = new ArrayList<>();
      for (Future<String> each : threads.invokeAll(cases)) {
        results.add(each.get(1, TimeUnit.MINUTES));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** A lock that was never used: the first requests find no folder. */
  private static String coldLock(Cut cut, int n) throws Exception {
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      FaultProxy proxy = world.proxy();
      ZkClient client = world.client("cut", proxy, SESSION);
      Fault fault = cut.arm(proxy, n);
      try (Lease lease = DistributedLock.named("cold", client).acquire(LockWorld.LONG)) {
        assertThat(lease.token()).isNotNull();
      }
      return nothingIsLeft(world, proxy, fault, "cold");
    }
  }

  /** A lock whose holder releases it when the request under test waits, or was cut on its way. */
  private static String contendedLock(Cut cut, int n) throws Exception {
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      Lease held = DistributedLock.named("busy", world.client("holder")).acquire(LockWorld.LONG);
      FaultProxy proxy = world.proxy();
      ZkClient client = world.client("cut", proxy, SESSION);
      Fault fault = cut.arm(proxy, n);
      var waiting = DistributedLock.named("busy", client).acquireAsync(LockWorld.LONG);
      await().until(() -> fault.landed() || world.queue("busy").size() == 2);
      held.close();
      waiting.get(30, TimeUnit.SECONDS).close();
      return nothingIsLeft(world, proxy, fault, "busy");
    }
  }

  private static String nothingIsLeft(LockWorld world, FaultProxy proxy, Fault fault, String lock)
      throws Exception {
    await()
        .atMost(LockWorld.LONG)
        .untilAsserted(
            () -> assertThat(world.queue(lock)).as("after %s, %s", fault, proxy).isEmpty());
    try (Lease next = DistributedLock.named(lock, world.client("next")).acquire(LockWorld.LONG)) {
      assertThat(next.isValid()).isTrue();
    }
    return fault.landed() ? fault + " landed" : fault.toString();
  }
}
