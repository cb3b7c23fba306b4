package io.zookit.chaos.counter;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.resource.CounterClient;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.testkit.RecordedHistory;
import java.io.IOException;
import java.time.Duration;

/**
 * A child JVM that increments a counter under a lock, again and again, and prints its history.
 *
 * <p>It is a bad citizen on purpose: after a pause it goes on writing, so that the fence has something to refuse.
 */
final class CounterWorker {

  static final String COUNTER = "counter";

  /** Printed when the lease claimed to be valid after a pause longer than the session. */
  static final String BELIEVED = "believed ";

  /** Printed for each pause longer than the session inside the section. */
  static final String PAUSED = "paused ";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final Duration session;
  private final CounterClient counters;
  private final RecordedHistory history = new RecordedHistory(System.out::println);

  private CounterWorker(String name, Duration session, CounterClient counters) {
    this.name = name;
    this.session = session;
    this.counters = counters;
  }

  /** Arguments: those of a {@link ChildArguments}, and the port of the counters. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    try (ZkClient zk = arguments.start();
        CounterClient counters = new CounterClient(
            arguments.life(), Integer.parseInt(arguments.more().get(0)))) {
      CounterWorker worker = new CounterWorker(arguments.life(), arguments.session(), counters);
      DistributedLock lock = DistributedLock.named(COUNTER, zk);
      while (work.isOn()) {
        worker.work(lock);
      }
    }
    ChildWork.end();
  }

  private void work(DistributedLock lock) throws InterruptedException, IOException {
    try (Lease lease = lock.acquire(PATIENCE)) {
      increment(lease);
    } catch (ZkException e) {
      System.out.println("no lock: " + e.getMessage());
      Stopwatch.pause(Duration.ofMillis(50));
    }
  }

  private void increment(Lease lease) throws IOException {
    history.invoked(name, COUNTER);
    long before = Timekeeper.system().nanos();
    CounterClient.Counters read = counters.read(lease.token());
    long pause = Timekeeper.system().nanos() - before;
    if (pause > session.toNanos()) {
      System.out.println((lease.isValid() ? BELIEVED : PAUSED) + Duration.ofNanos(pause));
    }
    long next = read.value().orElse(-1) + 1;
    boolean written = counters.write(lease.token(), next, read.control() + 1);
    if (read.value().isPresent() && written) {
      history.acknowledged(name, COUNTER, lease.token(), next);
    } else {
      history.failed(name, COUNTER);
    }
  }
}
