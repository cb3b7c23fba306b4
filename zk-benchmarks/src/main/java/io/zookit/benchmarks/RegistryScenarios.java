package io.zookit.benchmarks;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** What a child JVM runs of the registry's rows. */
final class RegistryScenarios {

  private static final int BATCH = 1_000;

  private final Timekeeper clock = Timekeeper.system();
  private final String implementation;
  private final String address;
  private final Duration warmUp;
  private final Duration measured;

  RegistryScenarios(String implementation, String address, Duration warmUp, Duration measured) {
    this.implementation = implementation;
    this.address = address;
    this.warmUp = warmUp;
    this.measured = measured;
  }

  /** Runs a scenario with so many instances. */
  Map<String, Double> run(String scenario, int instances) throws Exception {
    String service = "bench-" + Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 16);
    try (BenchDiscovery provider = BenchDiscovery.connect(implementation, address, service)) {
      long begun = clock.nanos();
      provider.register(instances);
      double registered = (clock.nanos() - begun) / 1e6;
      if (scenario.equals(RegistryRows.PREFIX + "register")) {
        return Map.of("millis", registered);
      }
      try (BenchDiscovery consumer = BenchDiscovery.connect(implementation, address, service)) {
        begun = clock.nanos();
        consumer.follow(instances);
        double seen = (clock.nanos() - begun) / 1e6;
        return scenario.equals(RegistryRows.PREFIX + "view")
            ? Map.of("millis", seen)
            : Map.of("chooseNanos", nanos(consumer::choose), "pickNanos", nanos(consumer::pick));
      }
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private double nanos(Step step) throws Exception {
    repeat(step, warmUp);
    return repeat(step, measured);
  }

  private double repeat(Step step, Duration time) throws Exception {
    long begun = clock.nanos();
    long count = 0;
    long passed;
    do {
      for (int i = 0; i < BATCH; i++) {
        step.run();
      }
      count += BATCH;
      passed = clock.nanos() - begun;
    } while (passed < time.toNanos());
    return (double) passed / count;
  }
}
