package io.zookit.benchmarks.config;

import io.zookit.benchmarks.measure.Figures;
import io.zookit.benchmarks.measure.ScenarioSetup;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.RunnerException;

/** The scenarios of {@code zookit bench config}, which run in a child JVM. */
final class ConfigScenarios {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int WARM_RELEASES = 20;
  private static final int LEAST_RELEASES = 10;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Timekeeper clock = Timekeeper.system();
  private final ScenarioSetup setup;

  ConfigScenarios(ScenarioSetup setup) {
    this.setup = setup;
  }

  Map<String, Double> run() throws Exception {
    int size = setup.size();
    return switch (setup.nameAfter(ConfigRows.PREFIX)) {
      case "publish" -> publish(size, Duration.ZERO);
      case "paced" -> publish(size, PAUSE);
      case "read" -> read();
      case "race" -> race(size);
      default -> throw new IllegalArgumentException("scenario: " + setup.scenario());
    };
  }

  /**
   * Measures the time from the call to publish until the last of {@code clients} clients has notified its listener, as the
   * median over several releases in milliseconds.
   *
   * @param pause between releases; lets what a release leaves behind come to rest: acknowledgements, garbage
   */
  private Map<String, Double> publish(int clients, Duration pause) throws Exception {
    try (ConfigFleet fleet =
        ConfigFleet.connect(setup.implementation(), setup.address(), clients)) {
      List<Double> times = new ArrayList<>();
      long end = clock.nanos() + setup.warmUp().toNanos() + setup.measured().toNanos();
      for (int n = 1; clock.nanos() < end || times.size() < LEAST_RELEASES; n++) {
        CountDownLatch told = fleet.expect(n);
        long start = clock.nanos();
        fleet.publish(n);
        if (!told.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(told.getCount() + " clients were not told of " + n);
        }
        if (n > WARM_RELEASES) {
          times.add((clock.nanos() - start) / 1e6);
        }
        clock.sleep(pause);
      }
      return Map.of("millis", Figures.median(times), "ops", (double) times.size());
    }
  }

  private Map<String, Double> read() throws RunnerException {
    return Map.of(
        "nanos", ConfigReads.measure(setup.implementation(), setup.address(), setup.measured()));
  }

  /** Measures racing publishers that retry on conflict; fails unless exactly the acknowledged ones exist, without a gap. */
  private Map<String, Double> race(int publishers) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(publishers);
    try (ConfigRace race =
        ConfigRace.connect(setup.implementation(), setup.address(), publishers)) {
      long begin = clock.nanos() + setup.warmUp().toNanos();
      long end = begin + setup.measured().toNanos();
      List<Callable<int[]>> loops = new ArrayList<>();
      for (int p = 0; p < publishers; p++) {
        int publisher = p;
        loops.add(() -> loop(race, publisher, begin, end));
      }
      int all = 0;
      int counted = 0;
      for (Future<int[]> loop : threads.invokeAll(loops)) {
        int[] published = result(loop);
        all += published[0];
        counted += published[1];
      }
      race.requireWhole(all);
      return Map.of("perSecond", counted / (setup.measured().toNanos() / 1e9), "ops", (double) all);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Publishes until the end; returns the number of releases published, and of those within the measured time. */
  private int[] loop(ConfigRace race, int publisher, long begin, long end) throws Exception {
    int[] published = {0, 0};
    long now = clock.nanos();
    for (int n = 0; now < end; n++) {
      race.publish(publisher, publisher + "-" + n);
      now = clock.nanos();
      published[0]++;
      published[1] += now >= begin && now < end ? 1 : 0;
    }
    return published;
  }

  private static int[] result(Future<int[]> loop) throws InterruptedException {
    try {
      return loop.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a publisher failed", e);
    }
  }
}
