package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadlockIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration SUSPICION = Duration.ofMillis(200);

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @Test
  @Tag("full")
  void acquire_circleOfThreeProcesses_theYoungestAloneFailsAndTheOthersGoOn() throws Exception {
    List<Lease> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(lock(i, "l" + i).acquire(LockWorld.LONG));
    }
    List<CompletableFuture<Lease>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String next = "l" + (i + 1) % 3;
      waiting.add(lock(i, next).acquireAsync());
      world.awaitQueue(next, 2);
    }
    CompletableFuture<Lease> youngest = waiting.get(2);
    DeadlockException deadlock = deadlockOf(youngest);
    assertThat(deadlock.cycle()).hasSize(3);
    assertThat(deadlock).hasMessageContaining("waits for").hasMessageContaining("p0");
    assertThat(waiting.get(0)).isNotDone();
    assertThat(waiting.get(1)).isNotDone();
    held.get(2).close();
    waiting.get(1).get(20, TimeUnit.SECONDS).close();
    held.get(1).close();
    waiting.get(0).get(20, TimeUnit.SECONDS).close();
    held.get(0).close();
  }

  @Test
  @Tag("full")
  void acquire_longWaitWithoutACircle_isLeftAlone() throws Exception {
    Lease held = lock(0, "a").acquire(LockWorld.LONG);
    CompletableFuture<Lease> first = lock(1, "a").acquireAsync();
    world.awaitQueue("a", 2);
    CompletableFuture<Lease> second = lock(2, "a").acquireAsync(SUSPICION.multipliedBy(6));
    try {
      second.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(LockTimeoutException.class);
    }
    assertThat(first).isNotDone();
    held.close();
    first.get(20, TimeUnit.SECONDS).close();
  }

  private static DeadlockException deadlockOf(CompletableFuture<Lease> waiting) throws Exception {
    try {
      waiting.get(20, TimeUnit.SECONDS);
      throw new AssertionError("granted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DeadlockException deadlock) {
        return deadlock;
      }
      throw e;
    }
  }

  private final List<ZkClient> clients = new ArrayList<>();

  private DistributedLock lock(int process, String name) {
    while (clients.size() <= process) {
      clients.add(world.client("p" + clients.size()));
    }
    return DistributedLock.builder(name, clients.get(process))
        .detectDeadlocks("worker", SUSPICION)
        .build();
  }
}
