package io.zookit.chaos.id;

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
class IdExperimentIT {

  @TempDir
  Path logs;

  @Test
  void ids_someSecondsOfFaults_areNeverHandedOutTwice() throws Exception {
    long seed = Long.getLong("zookit.seed", ThreadLocalRandom.current().nextInt(100_000));
    System.out.println("seed=" + seed);
    ExperimentResult outcome = new IdExperiment()
        .run(new RunSettings(seed, Duration.ofSeconds(12), logs, System.out::println));
    assertThat(outcome.counts())
        .as("seed %d: %s", seed, outcome.violations())
        .containsEntry("ids twice or not increasing", 0L)
        .containsEntry("increments lost", 0L)
        .containsEntry("increments counted twice", 0L);
    assertThat(outcome.landed()).as("seed %d", seed).isPositive();
    assertThat(outcome.counts().getOrDefault("snowflake ids", 0).longValue()).isPositive();
  }
}
