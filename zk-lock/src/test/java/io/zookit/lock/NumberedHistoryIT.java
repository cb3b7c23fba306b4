package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.HistoryClient.Asked;
import io.zookit.lock.HistoryClient.Held;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.rule.GrantDecision;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.testkit.RecordedHistory;
import io.zookit.testkit.Verdict;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many clients take numbers and give them back, with cancellations, time-outs, cuts and ends of sessions at random: each
 * number has one holder at a time, and its tokens rise. The control is a rule that grants what others have; it must be found.
 *
 * <p>{@code -Dzookit.seed=N} sets the seed; {@code -Dzookit.history.operations=N} the length.
 */
@Tag("full")
class NumberedHistoryIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final int OPERATIONS = Integer.getInteger("zookit.history.operations", 1_500);
  private static final int NUMBERS = 5;
  private static final int CLIENTS = 6;
  private static final int FAULTS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final long seed = Long.getLong("zookit.seed", System.nanoTime());
  private final RecordedHistory history = new RecordedHistory();
  private final List<PermitHistory> holds =
      IntStream.range(0, NUMBERS).mapToObj(number -> new PermitHistory(1)).toList();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final List<HistoryClient> clients = new ArrayList<>();

  @Test
  void history_faultsAtRandom_isThatOfNumbersWithOneHolderEach() throws Exception {
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      run(world, 2 * CLIENTS, OPERATIONS, FAULTS, this::counted);
      for (HistoryClient client : clients) {
        world.awaitNoEntry(client.client());
      }
      world.awaitQueue("numbers", 0);
    }
    System.out.println(this);
    assertThat(counted("cut") + counted("session ended")).isEqualTo(FAULTS);
    assertThat(counted("granted")).as("%s", this).isGreaterThan(OPERATIONS / 2);
    assertThat(counted("cancelled")).as("%s", this).isPositive();
    assertThat(counted("timed out")).as("%s", this).isPositive();
    assertThat(counted("was faster")).as("%s", this).isPositive();
    for (int number = 0; number < NUMBERS; number++) {
      assertThat(holds.get(number).size()).as("%s", this).isPositive();
      assertThat(holds.get(number).overdrawn())
          .as("%s: number %s", this, number)
          .isEmpty();
      assertThat(List.of(history.mutualExclusion(lock(number)), history.tokenOrder(lock(number))))
          .as("%s", this)
          .allMatch(Verdict::holds);
    }
  }

  /** Granted without a look at requests of the same number. */
  @Test
  void history_ruleThatGrantsWhatOthersHave_isFound() throws Exception {
    for (int tries = 0;
        tries < 5 && !isOverdrawn();
        tries++) { // a busy machine may run one client after the other
      try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
        run(world, CLIENTS, 400, 0, right -> (mine, queue) -> GrantDecision.OVER);
      }
    }
    assertThat(isOverdrawn()).as("%s", this).isTrue();
    assertThat(IntStream.range(0, NUMBERS).mapToObj(n -> history.mutualExclusion(lock(n))))
        .as("%s", this)
        .anyMatch(verdict -> !verdict.holds());
  }

  private boolean isOverdrawn() {
    return holds.stream().anyMatch(each -> each.overdrawn().isPresent());
  }

  /** The right rule; counts the requests that lost a race for a number. */
  private GrantRule counted(GrantRule right) {
    return (mine, queue) -> {
      GrantDecision decision = right.decide(mine, queue);
      if (decision instanceof GrantDecision.Never) {
        count("was faster");
      }
      return decision;
    };
  }

  private void run(
      LockWorld world, int size, int operations, int faults, UnaryOperator<GrantRule> rules)
      throws Exception {
    clients.clear();
    next.set(0);
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new HistoryClient(world, history));
    }
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<CompletableFuture<Void>> workers = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        HistoryClient client = clients.get(i % CLIENTS);
        String name = "w" + i;
        NumberedLeases numbers = numbers(client, rules);
        workers.add(
            CompletableFuture.runAsync(() -> work(numbers, client, name, operations), threads));
      }
      inject(operations, faults);
      CompletableFuture.allOf(workers.toArray(new CompletableFuture<?>[0]))
          .get(8, TimeUnit.MINUTES);
    } finally {
      threads.shutdownNow();
    }
  }

  private static NumberedLeases numbers(HistoryClient client, UnaryOperator<GrantRule> rules) {
    LockEngine engine = LockEngine.in(CoreClient.of(client.client()));
    return new NumberedLeases(engine, new LockQueue(engine.client(), "numbers"), NUMBERS, rules);
  }

  /** Faults at even distances of the operations. */
  private void inject(int operations, int faults) throws Exception {
    Random random = new Random(seed);
    for (int i = 1; i <= faults; i++) {
      int at = operations * i / (faults + 1);
      await()
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> next.get() >= at);
      HistoryClient victim = clients.get(random.nextInt(CLIENTS));
      if (i % 2 == 0) {
        victim.expire();
        count("session ended");
      } else {
        victim.cut();
        count("cut");
      }
    }
  }

  private void work(NumberedLeases numbers, HistoryClient client, String name, int operations) {
    try {
      for (int n = next.getAndIncrement(); n < operations; n = next.getAndIncrement()) {
        operation(numbers, client, name, new SplittableRandom(seed + n));
      }
    } catch (Exception e) {
      throw new IllegalStateException(name, e);
    }
  }

  private void operation(
      NumberedLeases numbers, HistoryClient client, String name, SplittableRandom random)
      throws Exception {
    if (random.nextBoolean()) {
      linger(random.nextInt(100_000)); // now and then some numbers are free
    }
    Asked asked = client.ask();
    Optional<NumberedLease> granted = acquire(numbers, random);
    if (granted.isEmpty()) {
      return;
    }
    NumberedLease lease = granted.get();
    PermitHistory.Hold hold = holds.get(lease.number()).of(name, 1);
    Held held = new Held(name, lock(lease.number()), lease.token(), hold);
    count(client.granted(asked, held) ? "granted" : "not judged");
    linger(random.nextInt(20_000));
    client.releasing(held);
    lease.close();
  }

  private Optional<NumberedLease> acquire(NumberedLeases numbers, SplittableRandom random)
      throws InterruptedException {
    try {
      return switch (random.nextInt(8)) {
        case 0 -> numbers.tryAcquire();
        case 1 -> Optional.of(numbers.acquire(Duration.ofMillis(random.nextInt(4))));
        case 2 -> cancelled(numbers, random.nextInt(20_000));
        default -> Optional.of(numbers.acquire(PATIENCE));
      };
    } catch (LockTimeoutException e) {
      count("timed out");
    } catch (ZkException e) {
      count("failed");
    }
    return Optional.empty();
  }

  private Optional<NumberedLease> cancelled(NumberedLeases numbers, int spins) {
    CompletableFuture<NumberedLease> asked = numbers.acquireAsync();
    linger(spins);
    if (asked.cancel(true)) {
      count("cancelled");
      return Optional.empty();
    }
    return Optional.of(asked.join());
  }

  private static void linger(int spins) {
    for (int i = 0; i < spins; i++) {
      Thread.onSpinWait();
    }
  }

  private static String lock(int number) {
    return "number-" + number;
  }

  private int counted(String what) {
    return counts.getOrDefault(what, 0);
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  @Override
  public String toString() {
    return "zookit.seed=" + seed + " " + counts;
  }
}
