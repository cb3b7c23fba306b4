package io.zookit.chaos.restore;

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

/** One restore of a copy on three servers. */
@Timeout(400)
@Tag("nightly")
class RestoreExperimentIT {

  @TempDir
  Path logs;

  @Test
  void restore_ofACopyThatOthersLifted_isNoticedAndTheControlIsSilent() throws Exception {
    long seed = Long.getLong("zookit.seed", ThreadLocalRandom.current().nextInt(100_000));
    System.out.println("seed=" + seed);
    ExperimentResult outcome = new RestoreExperiment()
        .run(new RunSettings(seed, Duration.ofSeconds(10), logs, System.out::println));
    assertThat(outcome.result())
        .as("seed %d: %s %s %s", seed, outcome.reason(), outcome.counts(), outcome.violations())
        .isEqualTo(ExperimentResult.Result.HELD);
  }
}
