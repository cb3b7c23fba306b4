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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The connection breaks, or the process stops, at each request of a wait for a number: the request is granted or its session
 * ends, those behind go on, and nothing is left. Free numbers are among the recipes of {@link RecipeBoundaryIT}.
 */
@Tag("full")
class NumberedBoundaryIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration SESSION = Duration.ofSeconds(4);

  /** Two reads, place, listing, watch; the turn: listing, two reads, claim, listing, delete of the place. */
  private static final int REQUESTS = 11;

  private static final int BEFORE_THE_TURN = 5;

  @Test
  void acquire_cutAtEveryRequestOfAWait_isGrantedAndLeavesNothing() throws Exception {
    List<Callable<String>> cases = new ArrayList<>();
    for (LockBoundaryIT.Cut cut : LockBoundaryIT.Cut.values()) {
      for (int n = 1; n <= REQUESTS; n++) {
        int at = n;
        cases.add(() -> cut(cut, at));
      }
    }
    assertThat(LockBoundaryIT.runAll(cases))
        .filteredOn(result -> result.endsWith("landed"))
        .hasSizeGreaterThanOrEqualTo(26);
  }

  private static String cut(LockBoundaryIT.Cut cut, int n) throws Exception {
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      NumberedLease held = numbers(world.client("holder")).acquire(LockWorld.LONG);
      FaultProxy proxy = world.proxy();
      ZkClient client = world.client("cut", proxy, SESSION);
      Fault fault = cut.arm(proxy, n);
      CompletableFuture<NumberedLease> waiting = numbers(client).acquireAsync(LockWorld.LONG);
      await().until(() -> fault.landed() || world.queue("n").size() == 2);
      held.close();
      try (NumberedLease granted = waiting.get(50, TimeUnit.SECONDS)) {
        assertThat(granted.token()).isGreaterThan(held.token());
      }
      world.awaitQueue("n", 0);
      world.awaitNoEntry(client);
      return result(world, fault);
    }
  }

  /** The process sends nothing any more after a request, and its session ends. */
  @Test
  void acquire_processStopsAtEveryRequestOfAWait_thoseBehindGoOn() throws Exception {
    List<Callable<String>> cases = new ArrayList<>();
    for (int n = 1; n <= REQUESTS; n++) {
      int at = n;
      cases.add(() -> stop(at));
    }
    assertThat(LockBoundaryIT.runAll(cases))
        .filteredOn(result -> result.endsWith("landed"))
        .hasSizeGreaterThanOrEqualTo(REQUESTS - 1);
  }

  private static String stop(int n) throws Exception {
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      NumberedLease held = numbers(world.client("holder")).acquire(LockWorld.LONG);
      FaultProxy proxy = world.proxy();
      CuratorFramework curator = world.curator(proxy.connectString());
      ZkClient stopped = world.clientOver(curator);
      long session = curator.getZookeeperClient().getZooKeeper().getSessionId();
      proxy.refuse(); // it does not come back
      Fault fault = proxy.cutAfter(Op.ANY, n);
      CompletableFuture<NumberedLease> asked = numbers(stopped).acquireAsync();
      await()
          .until(
              () -> fault.landed() || (n > BEFORE_THE_TURN && world.queue("n").size() == 2));
      CompletableFuture<NumberedLease> behind =
          numbers(world.client("behind")).acquireAsync(LockWorld.LONG);
      held.close();
      if (!fault.await(LockWorld.LONG)) {
        throw new AssertionError("sends too little: " + fault);
      }
      world.server.expire(session);
      try (NumberedLease granted = behind.get(50, TimeUnit.SECONDS)) {
        assertThat(granted.token()).isGreaterThan(held.token());
      }
      world.awaitQueue("n", 0);
      stopped.close();
      assertThat(asked).isDone();
      return result(world, fault);
    }
  }

  private static NumberedLeases numbers(ZkClient client) {
    return NumberedLeases.named("n", 1, client);
  }

  private static String result(LockWorld world, Fault fault) throws Exception {
    try (NumberedLease next = numbers(world.client("next")).acquire(LockWorld.LONG)) {
      assertThat(next.isValid()).isTrue();
    }
    return fault + (fault.landed() ? " landed" : "");
  }
}
