package io.zookit.lock;

import static io.zookit.core.fence.FenceMode.EXCLUSIVE;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkException;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.lock.HistoryClient.Asked;
import io.zookit.lock.HistoryClient.Held;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A thread that acquires locks in all ways, cancels at random, and records the results. */
final class HistoryWorker {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HistoryRun run;
  private final HistoryClient client;
  private final String name;

  HistoryWorker(HistoryRun run, HistoryClient client, String name) {
    this.run = run;
    this.client = client;
    this.name = name;
  }

  void operation(int number, boolean stall) throws Exception {
    Random random = new Random(run.seed() * 31 + number);
    int kind = stall ? 0 : random.nextInt(10);
    if (kind < 4) {
      mutex(random, stall);
    } else if (kind < 6) {
      reentrant(random);
    } else if (kind < 8) {
      int permits = 1 + random.nextInt(3);
      DistributedSemaphore semaphore =
          DistributedSemaphore.named(HistoryRun.PERMITS, HistoryRun.MAXIMUM, client.client());
      hold(HistoryRun.PERMITS, semaphore.permits(permits), random, run.permits(), permits);
    } else {
      readOrWrite(random);
    }
  }

  private void mutex(Random random, boolean stall) throws Exception {
    DistributedLock lock = DistributedLock.named(HistoryRun.MUTEX, client.client());
    Asked asked = ask(HistoryRun.MUTEX);
    Optional<Lease> granted = stall ? Optional.of(lock.acquire(PATIENCE)) : acquire(lock, random);
    if (granted.isPresent()) {
      Lease lease = granted.get();
      Held held = held(asked, HistoryRun.MUTEX, lease.token(), run.mutex().of(name, 1));
      raise(lease.token(), stall);
      client.releasing(held);
      lease.close();
      run.mutexLeft().incrementAndGet();
    }
  }

  /** Read, and much later write: at a register that anybody may touch, and at one behind a fence. */
  private void raise(FencingToken token, boolean stall) throws Exception {
    run.history().invoked(name, HistoryRun.CONTROL);
    run.history().invoked(name, HistoryRun.COUNTER);
    long control = run.control().get();
    try {
      long before = run.fence()
          .guard(HistoryRun.COUNTER, token, EXCLUSIVE, () -> run.counter().get());
      if (stall) {
        stall();
      }
      run.fence().guard(HistoryRun.COUNTER, token, EXCLUSIVE, () -> {
        run.counter().set(before + 1);
        return true;
      });
      run.history().acknowledged(name, HistoryRun.COUNTER, token, before + 1);
    } catch (StaleTokenException e) {
      run.history().failed(name, HistoryRun.COUNTER);
      run.count("refused as stale");
    }
    run.control().set(control + 1);
    run.history().acknowledged(name, HistoryRun.CONTROL, token, control + 1);
  }

  /** Its session ends while it stands still inside, and others come and go. */
  private void stall() throws Exception {
    run.standing().incrementAndGet();
    try {
      int others = run.mutexLeft().get() + 2;
      client.expire();
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> run.mutexLeft().get() >= others);
      run.count("stalled inside");
    } finally {
      run.standing().decrementAndGet();
    }
  }

  private void reentrant(Random random) throws Exception {
    JavaLock lock = DistributedLock.named(HistoryRun.REENTRANT, client.client()).asJavaLock();
    Asked asked = ask(HistoryRun.REENTRANT);
    if (!lock(lock, random)) {
      return;
    }
    FencingToken token = lock.lease().token();
    Held held = held(asked, HistoryRun.REENTRANT, token, run.reentrant().of(name, 1));
    int depth = 1 + enterAgain(lock, token, random.nextInt(3));
    client.releasing(held);
    for (int i = 0; i < depth; i++) {
      try {
        lock.unlock();
      } catch (LockLostException e) {
        run.count("lost inside");
      }
    }
  }

  /** Enters a lock again and returns how often it did; each time with the token of the first. */
  private int enterAgain(JavaLock lock, FencingToken token, int times) {
    for (int i = 0; i < times; i++) {
      try {
        lock.lock();
      } catch (LockLostException e) {
        return i;
      }
      run.require(lock.lease().token().equals(token), name + " entered again with another token");
    }
    return times;
  }

  private boolean lock(JavaLock lock, Random random) throws Exception {
    try {
      return switch (random.nextInt(6)) {
        case 0 -> lock.tryLock();
        case 1 -> lock.tryLock(1 + random.nextInt(3), TimeUnit.MILLISECONDS);
        case 2 -> {
          run.interrupts().during(random.nextInt(2_000), lock::lockInterruptibly);
          yield true;
        }
        default -> lock.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      };
    } catch (InterruptedException e) {
      run.count("interrupted");
    } catch (ZkException e) {
      run.count("failed");
    }
    return false;
  }

  private void readOrWrite(Random random) throws Exception {
    DistributedReadWriteLock lock =
        DistributedReadWriteLock.named(HistoryRun.READ_WRITE, client.client());
    if (random.nextInt(3) > 0) {
      hold(HistoryRun.READ_WRITE, lock.readLock(), random, run.readWrite(), 1);
      return;
    }
    Asked asked = ask(HistoryRun.READ_WRITE);
    Optional<Lease> granted = acquire(lock.writeLock(), random);
    if (granted.isEmpty()) {
      return;
    }
    Lease lease = granted.get();
    PermitHistory all = run.readWrite();
    Held writing =
        held(asked, HistoryRun.READ_WRITE, lease.token(), all.of(name, HistoryRun.WORKERS));
    linger(500);
    client.releasing(writing);
    if (random.nextBoolean()) {
      downgrade(lock, lease, asked);
    }
    lease.close();
  }

  private void downgrade(DistributedReadWriteLock lock, Lease lease, Asked asked) {
    try {
      lock.downgrade(lease);
    } catch (LockLostException e) {
      run.count("lost inside");
      return;
    }
    PermitHistory.Hold hold = run.readWrite().of(name + " downgraded", 1);
    Held reading = held(asked, HistoryRun.READ_WRITE + " downgraded", lease.token(), hold);
    linger(500);
    client.releasing(reading);
  }

  private void hold(
      String lock, DistributedLock asked, Random random, PermitHistory holds, int weight)
      throws Exception {
    Asked since = ask(lock);
    Optional<Lease> granted = acquire(asked, random);
    if (granted.isPresent()) {
      Held held = held(since, lock, granted.get().token(), holds.of(name, weight));
      linger(500);
      client.releasing(held);
      granted.get().close();
    }
  }

  private Asked ask(String lock) {
    run.history().invoked(name, lock);
    return client.ask();
  }

  private Held held(Asked asked, String lock, FencingToken token, PermitHistory.Hold hold) {
    Held held = new Held(name, lock, token, hold);
    run.count(client.granted(asked, held) ? "granted" : "not judged");
    return held;
  }

  private Optional<Lease> acquire(DistributedLock lock, Random random) throws Exception {
    try {
      return switch (random.nextInt(8)) {
        case 0 -> cancelled(lock, random.nextInt(3_000));
        case 1 ->
          Optional.of(run.interrupts().during(random.nextInt(2_000), () -> lock.acquire(PATIENCE)));
        case 2 -> Optional.of(lock.acquire(Duration.ofMillis(random.nextInt(4))));
        case 3 -> lock.tryAcquire();
        default -> Optional.of(lock.acquire(PATIENCE));
      };
    } catch (InterruptedException e) {
      run.count("interrupted");
    } catch (LockTimeoutException e) {
      run.count("timed out");
    } catch (ZkException e) {
      run.count("failed");
    }
    return Optional.empty();
  }

  private Optional<Lease> cancelled(DistributedLock lock, int spins) throws Exception {
    CompletableFuture<Lease> asked = lock.acquireAsync();
    linger(spins);
    if (asked.cancel(true)) {
      run.count("cancelled");
      return Optional.empty();
    }
    return Optional.of(BlockingCalls.await(asked));
  }

  private static void linger(int spins) {
    for (int i = 0; i < spins; i++) {
      Thread.onSpinWait();
    }
  }
}
