package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.Verdict;
import io.zookit.testkit.ZkServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Thousands of operations of four clients on four locks, with cancellations, interrupts, timeouts, cuts and ends of
 * sessions at random, recorded and checked against what a lock may do.
 *
 * <p>The control is a register that the same critical sections touch without the fence: it must lose updates in the
 * same run, or nothing was shown. {@code -Dzookit.seed=N} sets the seed; {@code -Dzookit.history.operations=N} the length.
 */
@Tag("full")
class LockHistoryIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final int OPERATIONS = Integer.getInteger("zookit.history.operations", 3_000);
  private static final int CLIENTS = 4;
  private static final int STALLS = 4;
  private static final int FAULTS = 9;

  private final HistoryRun run = new HistoryRun(Long.getLong("zookit.seed", System.nanoTime()));
  private final AtomicInteger next = new AtomicInteger();
  private final LinkedBlockingQueue<Integer> faults = new LinkedBlockingQueue<>();
  private final List<HistoryClient> clients = new ArrayList<>();

  @Test
  void history_faultsAtRandom_isThatOfALock() throws Exception {
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new HistoryClient(world, run.history()));
      }
      runAll();
      for (HistoryClient client : clients) {
        world.awaitNoEntry(client.client());
      }
      for (String lock : List.of(
          HistoryRun.MUTEX, HistoryRun.REENTRANT, HistoryRun.PERMITS, HistoryRun.READ_WRITE)) {
        world.awaitQueue(lock, 0);
      }
    } finally {
      run.interrupts().close();
    }
    System.out.println(run);
    assertThat(run.broken()).as("%s", run).isEmpty();
    requireFaults();
    requireModels();
    requireControl();
  }

  private void runAll() throws Exception {
    CompletableFuture<Void> injector = start(this::inject);
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < HistoryRun.WORKERS; i++) {
      HistoryWorker worker = new HistoryWorker(run, clients.get(i % CLIENTS), "w" + i);
      workers.add(start(() -> work(worker)));
    }
    CompletableFuture.allOf(workers.toArray(new CompletableFuture<?>[0])).get(8, TimeUnit.MINUTES);
    faults.add(-1);
    injector.get(2, TimeUnit.MINUTES);
  }

  private void work(HistoryWorker worker) throws Exception {
    // A worker that pauses needs others that continue.
    for (int n = next.getAndIncrement();
        n < OPERATIONS || run.standing().get() > 0;
        n = next.getAndIncrement()) {
      if (n < OPERATIONS && n % (OPERATIONS / FAULTS) == 10) {
        faults.add(n);
      }
      boolean stall = n % (OPERATIONS / (STALLS + 2)) == 100 && n < OPERATIONS * 2 / 3;
      worker.operation(n, stall);
    }
  }

  private void inject() throws Exception {
    Random random = new Random(run.seed());
    for (int at = faults.take(); at >= 0; at = faults.take()) {
      HistoryClient victim = clients.get(random.nextInt(CLIENTS));
      if (random.nextInt(3) == 0) {
        victim.expire();
        run.count("session ended");
      } else {
        victim.cut();
        run.count("cut");
      }
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> start(Work work) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        work.run();
        ended.complete(null);
      } catch (Throwable e) {
        ended.completeExceptionally(e);
      }
    });
    thread.setDaemon(true);
    thread.start();
    return ended;
  }

  /** A run in which too little went wrong shows nothing. */
  private void requireFaults() {
    assertThat(run.counted("stalled inside")).as("%s", run).isGreaterThanOrEqualTo(STALLS - 1);
    assertThat(run.counted("cut") + run.counted("session ended"))
        .as("%s", run)
        .isGreaterThanOrEqualTo(FAULTS - 1);
    assertThat(run.counted("refused as stale")).as("%s", run).isPositive();
    assertThat(run.counted("cancelled")).as("%s", run).isPositive();
    assertThat(run.counted("interrupted")).as("%s", run).isPositive();
    assertThat(run.counted("granted")).as("%s", run).isGreaterThan(OPERATIONS / 4);
  }

  private void requireModels() {
    List<Verdict> verdicts = new ArrayList<>();
    for (String exclusive : List.of(HistoryRun.MUTEX, HistoryRun.REENTRANT)) {
      verdicts.add(run.history().mutualExclusion(exclusive));
    }
    for (String lock : List.of(
        HistoryRun.MUTEX, HistoryRun.REENTRANT, HistoryRun.PERMITS, HistoryRun.READ_WRITE)) {
      verdicts.add(run.history().tokenOrder(lock));
    }
    verdicts.add(run.history().fencedCounter(HistoryRun.COUNTER, run.counter().get()));
    verdicts.forEach(System.out::println);
    assertThat(verdicts).as("%s", run).allMatch(Verdict::holds);
    for (PermitHistory holds :
        List.of(run.mutex(), run.reentrant(), run.permits(), run.readWrite())) {
      assertThat(holds.size()).as("%s", run).isPositive();
      assertThat(holds.overdrawn()).as("%s", run).isEmpty();
    }
  }

  private void requireControl() {
    Verdict control =
        run.history().fencedCounter(HistoryRun.CONTROL, run.control().get());
    System.out.println("control: " + control.violationCount() + " violations");
    assertThat(control.holds())
        .as("%s: the unfenced register lost nothing", run)
        .isFalse();
    assertThat(control.violations()).anyMatch(found -> found.startsWith("lost"));
  }
}
