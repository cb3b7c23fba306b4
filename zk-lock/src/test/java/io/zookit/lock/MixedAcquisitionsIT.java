package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Very many acquisitions of all kinds, granted, withdrawn, late and refused: nothing of them is left. */
@Tag("full")
class MixedAcquisitionsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final int ACQUISITIONS = 10_000;
  private static final int CLIENTS = 2;
  private static final int THREADS = 8;

  private final long seed = Long.getLong("zookit.seed", System.nanoTime());
  private final AtomicInteger granted = new AtomicInteger();
  private final AtomicInteger withdrawn = new AtomicInteger();

  @Test
  void acquisitions_tenThousandOfAllKinds_leaveNoWatchNodeThreadOrEntry() throws Exception {
    System.out.println("zookit.seed=" + seed);
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    List<ZkClient> clients = new ArrayList<>();
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(world.client("mixed" + i));
        warmUp(clients.get(i));
      }
      awaitNoNode(world);
      int watches = world.server.watchCount();
      runAll(clients);
      awaitNoNode(world);
      await()
          .atMost(LockWorld.LONG)
          .untilAsserted(() -> assertThat(world.server.watchCount()).isLessThanOrEqualTo(watches));
      for (ZkClient client : clients) {
        world.awaitNoEntry(client);
      }
    }
    await().atMost(LockWorld.LONG).until(() -> zooKeeper.server().watchCount() == 0);
    await().atMost(LockWorld.LONG).untilAsserted(() -> assertThat(ours(before)).isEmpty());
    assertThat(granted.get()).as("seed %s", seed).isGreaterThan(ACQUISITIONS / 4);
    assertThat(withdrawn.get()).as("seed %s", seed).isGreaterThan(ACQUISITIONS / 20);
  }

  /** Uses one of each kind, so that what stays for a while, as the maximum of a semaphore, exists from the start. */
  private void warmUp(ZkClient client) throws Exception {
    for (int kind = 0; kind < 8; kind++) {
      Lease lease = kind(kind, client).acquire(LockWorld.LONG);
      lease.close();
      lease.released().get(20, TimeUnit.SECONDS);
    }
  }

  private void runAll(List<ZkClient> clients) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      ZkClient client = clients.get(i % CLIENTS);
      CompletableFuture<Void> ended = new CompletableFuture<>();
      running.add(ended);
      Thread thread = new Thread(() -> {
        try {
          for (int n = next.getAndIncrement(); n < ACQUISITIONS; n = next.getAndIncrement()) {
            acquire(client, new Random(seed + n));
          }
          ended.complete(null);
        } catch (Throwable e) {
          ended.completeExceptionally(e);
        }
      });
      thread.setDaemon(true);
      thread.start();
    }
    CompletableFuture.allOf(running.toArray(new CompletableFuture<?>[0])).get(5, TimeUnit.MINUTES);
  }

  private void acquire(ZkClient client, Random random) throws Exception {
    DistributedLock lock = kind(random.nextInt(8), client);
    switch (random.nextInt(6)) {
      case 0 -> lock.tryAcquire().ifPresent(this::closeGranted);
      case 1 -> {
        CompletableFuture<Lease> asked = lock.acquireAsync();
        asked.thenAccept(this::closeGranted);
        asked.cancel(true);
      }
      case 2 -> within(lock, Duration.ofMillis(random.nextInt(3))).ifPresent(this::closeGranted);
      case 3 -> interrupted(lock);
      default -> closeGranted(lock.acquire(LockWorld.LONG));
    }
  }

  private void closeGranted(Lease lease) {
    granted.incrementAndGet();
    lease.close();
  }

  private Optional<Lease> within(DistributedLock lock, Duration patience)
      throws InterruptedException {
    try {
      return Optional.of(lock.acquire(patience));
    } catch (LockTimeoutException e) {
      withdrawn.incrementAndGet();
      return Optional.empty();
    }
  }

  private void interrupted(DistributedLock lock) {
    Thread.currentThread().interrupt();
    try {
      closeGranted(lock.acquire(LockWorld.LONG));
    } catch (InterruptedException e) {
      withdrawn.incrementAndGet();
    }
    Thread.interrupted(); // a lock that was free at once does not look
  }

  private static DistributedLock kind(int kind, ZkClient client) {
    return switch (kind) {
      case 0 -> DistributedLock.named("mutex", client);
      case 1 -> DistributedLock.builder("mutex", client).lookAhead(false).build();
      case 2 -> DistributedLock.builder("local", client).localHandOff(5).build();
      case 3 -> DistributedLock.builder("robust", client).robust().build();
      case 4 -> DistributedReadWriteLock.named("mutex", client).readLock();
      case 5 -> DistributedSemaphore.named("permits", 3, client).permits(2);
      case 6 -> DistributedLock.several(client).exclusive("mutex").shared("m2").build();
      default -> StripedLock.named("striped", 4, client).lockForAll(List.of("a", "b", "c"));
    };
  }

  private static void awaitNoNode(LockWorld world) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(world.server.nodes(world.root))
            .filteredOn(node -> node.path().contains("/~q/"))
            .isEmpty());
  }

  /** Threads of clients that were made since. */
  private static List<String> ours(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.startsWith("zookit-")
            || name.contains("Curator")
            || name.contains("SendThread")
            || name.contains("EventThread"))
        .toList();
  }
}
