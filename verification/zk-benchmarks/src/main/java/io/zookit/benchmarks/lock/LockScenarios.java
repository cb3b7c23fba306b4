package io.zookit.benchmarks.lock;

import io.zookit.benchmarks.measure.Figures;
import io.zookit.benchmarks.measure.ScenarioSetup;
import io.zookit.benchmarks.measure.VoidRunException;
import io.zookit.core.Timekeeper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;

/** Runs one scenario by one implementation, in a child JVM, and returns the figures measured. */
final class LockScenarios {

  private static final String ONE = "bench/one";
  private static final int HAND_OFFS = 100;

  private final Timekeeper clock = Timekeeper.system();
  private final ScenarioSetup setup;

  LockScenarios(ScenarioSetup setup) {
    this.setup = setup;
  }

  /** Runs a scenario; times in milliseconds, rates per second. {@code ops} is how many critical sections there were. */
  Map<String, Double> run() throws Exception {
    int size = setup.size();
    return switch (setup.scenario()) {
      case "free" -> loops(1, 1, (client, thread) -> client.lock(ONE));
      case "fresh" -> loops(1, 1, (client, thread) -> new FreshLock(client));
      case "contended" -> loops(size, size, (client, thread) -> client.lock(ONE));
      case "local" -> loops(1, size, (client, thread) -> client.lock(ONE));
      case "handoff" -> loops(1, size, (client, thread) -> client.handedOn(ONE, HAND_OFFS));
      case "many" -> loops(1, size, (client, thread) -> client.lock("bench/l" + thread));
      case "drain" -> drain(size);
      default -> throw new IllegalArgumentException("scenario: " + setup.scenario());
    };
  }

  /** A lock of another name for each pair, as an application has for each order or file. */
  private static final class FreshLock implements BenchLock {
    private static final String PREFIX = "bench-" + UUID.randomUUID() + "-";

    private final BenchClient client;
    private BenchLock current;
    private long count;

    FreshLock(BenchClient client) {
      this.client = client;
      this.current = next();
    }

    private BenchLock next() {
      return client.lock(PREFIX + count++);
    }

    @Override
    public void acquire() throws Exception {
      current = next();
      current.acquire();
    }

    @Override
    public void release() throws Exception {
      current.release();
    }
  }

  private interface Locks {
    BenchLock of(BenchClient client, int thread);
  }

  /** Threads that acquire and release in a loop, spread over clients. */
  private Map<String, Double> loops(int clients, int threads, Locks locks) throws Exception {
    List<BenchClient> connected = connect(clients);
    ConcurrentLinkedQueue<Long> rounds = new ConcurrentLinkedQueue<>();
    long begin = clock.nanos() + setup.warmUp().toNanos();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      BenchLock lock = locks.of(connected.get(i % clients), i);
      running.add(start(() -> loop(lock, begin, rounds)));
    }
    for (Thread thread : running) {
      thread.join();
    }
    connected.forEach(BenchClient::close);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("ops", (double) rounds.size());
    figures.put("perSecond", rounds.size() / (setup.measured().toNanos() / 1e9));
    figures.put("p99Millis", Figures.percentile(rounds, 0.99) / 1e6);
    return figures;
  }

  /**
   * Measures rounds: from the call that gives the lock up to the next grant to this thread. Only the whole round compares
   * like with like, since one implementation waits for its delete in the release and another one does not.
   */
  private void loop(BenchLock lock, long begin, ConcurrentLinkedQueue<Long> rounds)
      throws Exception {
    long end = begin + setup.measured().toNanos();
    long now = clock.nanos();
    while (now < end) {
      lock.acquire();
      long granted = clock.nanos();
      if (granted >= begin && granted < end) {
        rounds.add(granted - now);
      }
      now = clock.nanos();
      lock.release();
    }
  }

  /** Waiters that queue behind one holder, one connection for all; the time from the first request to the last release. */
  private Map<String, Double> drain(int waiters) throws Exception {
    List<BenchClient> connected = connect(1);
    BenchClient client = connected.get(0);
    BenchLock first = client.lock("bench/drain");
    first.acquire();
    Phaser ready = new Phaser(waiters + 1);
    CountDownLatch done = new CountDownLatch(waiters);
    for (int i = 0; i < waiters; i++) {
      BenchLock lock = client.lock("bench/drain");
      start(() -> {
        ready.arriveAndAwaitAdvance();
        lock.acquire();
        lock.release();
        done.countDown();
      });
    }
    long begin = clock.nanos();
    ready.arriveAndAwaitAdvance();
    first.release();
    done.await();
    double millis = (clock.nanos() - begin) / 1e6;
    connected.forEach(BenchClient::close);
    return Map.of("ops", (double) waiters, "millis", millis);
  }

  private List<BenchClient> connect(int clients) {
    List<BenchClient> connected = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      connected.add(BenchClient.connect(setup.implementation(), setup.address()));
    }
    return connected;
  }

  private interface ThreadBody {
    void run() throws Exception;
  }

  private static Thread start(ThreadBody work) {
    Thread thread = new Thread(
        () -> {
          try {
            work.run();
          } catch (
              Exception
                  e) { // the peer declares no narrower type; without this thread the run is void
            throw new IllegalStateException("a benchmark thread failed", e);
          }
        },
        "bench");
    thread.setUncaughtExceptionHandler((failed, e) -> VoidRunException.endProcess(e));
    thread.start();
    return thread;
  }
}
