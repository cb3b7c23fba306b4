package io.zookit.chaos.ownership;

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
class OwnershipExperimentIT {

  @TempDir
  Path logs;

  @Test
  void ownership_someSecondsOfFaults_olderOwnersAreRefusedAndNothingElseMoves() throws Exception {
    long seed = Long.getLong("zookit.seed", ThreadLocalRandom.current().nextInt(100_000));
    System.out.println("seed=" + seed);
    ExperimentResult outcome = new OwnershipExperiment(3, 24)
        .run(new RunSettings(seed, Duration.ofSeconds(12), logs, System.out::println));
    assertThat(outcome.counts())
        .as("seed %d: %s", seed, outcome.violations())
        .containsEntry("older accepted, newest refused, moved or not settled", 0L)
        .containsEntry("moves that need not be", 0L)
        .containsEntry("not settled in peace", 0L)
        .containsEntry("believed beside a newer owner", 0L);
    assertThat(outcome.landed()).as("seed %d", seed).isPositive();
    assertThat(outcome.counts().getOrDefault("writes", 0).longValue()).isPositive();
  }
}
