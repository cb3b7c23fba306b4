package io.zookit.benchmarks.id;

import io.zookit.benchmarks.measure.ScenarioSetup;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.id.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.retry.RetryNTimes;

/** The scenarios of {@code zookit bench id}, which run in a child JVM. */
final class IdScenarios {

  private static final String NAME = "bench";

  private final Timekeeper clock = Timekeeper.system();
  private final ScenarioSetup setup;

  IdScenarios(ScenarioSetup setup) {
    this.setup = setup;
  }

  /** A client that takes numbers. */
  private interface NumberSource extends AutoCloseable {

    /** Takes one; false if the recipe gave up, so that the number does not count. */
    boolean next() throws Exception;

    @Override
    void close();
  }

  Map<String, Double> run() throws Exception {
    int size = setup.size();
    return switch (setup.nameAfter(IdRows.PREFIX)) {
      case "sequence" -> sequence(size);
      case "segments" ->
        Map.of(
            "perSecond",
            IdDraws.measure("segments", setup.implementation(), setup.address(), setup.measured()));
      case "snowflake" ->
        Map.of(
            "perSecond",
            IdDraws.measure(
                "snowflake", setup.implementation(), setup.address(), setup.measured()));
      default -> throw new IllegalArgumentException("scenario: " + setup.scenario());
    };
  }

  /** Measures how many numbers a second several clients take, each with a connection and one thread. */
  private Map<String, Double> sequence(int clients) throws Exception {
    List<NumberSource> sources = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      sources.add(setup.implementation().equals("zookit") ? sequence() : atomicLong());
    }
    long begin = clock.nanos() + setup.warmUp().toNanos();
    List<Callable<Long>> loops = new ArrayList<>();
    sources.forEach(source -> loops.add(() -> loop(source, begin)));
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    long numbers = 0;
    for (Future<Long> each : threads.invokeAll(loops)) {
      numbers += each.get();
    }
    threads.shutdown();
    sources.forEach(NumberSource::close);
    return Map.of(
        "ops", (double) numbers, "perSecond", numbers / (setup.measured().toNanos() / 1e9));
  }

  private long loop(NumberSource source, long begin) throws Exception {
    long end = begin + setup.measured().toNanos();
    long numbers = 0;
    while (true) {
      boolean taken = source.next();
      long now = clock.nanos();
      if (now >= end) {
        return numbers;
      }
      numbers += taken && now >= begin ? 1 : 0;
    }
  }

  private NumberSource sequence() throws InterruptedException {
    ZkClient client = ZkClient.connect(setup.address());
    Sequence sequence = Sequence.named(NAME, client).createFrom(1);
    return new NumberSource() {
      @Override
      public boolean next() throws InterruptedException {
        return sequence.next() > 0;
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private NumberSource atomicLong() {
    CuratorFramework curator =
        CuratorFrameworkFactory.newClient(setup.address(), new ExponentialBackoffRetry(100, 5));
    curator.start();
    DistributedAtomicLong number =
        new DistributedAtomicLong(curator, "/bench-atomic-long", new RetryNTimes(1_000, 1));
    return new NumberSource() {
      @Override
      public boolean next() throws Exception {
        return number.increment().succeeded();
      }

      @Override
      public void close() {
        curator.close();
      }
    };
  }
}
