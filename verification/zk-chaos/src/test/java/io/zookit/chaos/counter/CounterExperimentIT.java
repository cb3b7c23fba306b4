package io.zookit.chaos.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The long run, made short: what it must show then is scaled, what must not happen is not. */
@Timeout(400)
@Tag("nightly")
class CounterExperimentIT {

  @TempDir
  Path logs;

  @Test
  void fencedCounter_someSecondsOfFaults_losesNothingButTheControl() throws Exception {
    long seed = Long.getLong("zookit.seed", ThreadLocalRandom.current().nextInt(100_000));
    System.out.println("seed=" + seed);
    ExperimentResult outcome = CounterExperiment.fencedCounter()
        .run(new RunSettings(seed, Duration.ofSeconds(12), logs, System.out::println));
    assertThat(outcome.counts())
        .as("seed %d: %s", seed, outcome.violations())
        .containsEntry("violations", 0L)
        .containsEntry("leases believed after a pause", 0L);
    assertThat(outcome.landed()).as("seed %d", seed).isPositive();
    assertThat(outcome.counts().getOrDefault("invoked", 0).longValue()).isPositive();
  }
}
