package io.zookit.chaos.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestoreExperimentTest {

  @Test
  void rounds_shortRun_hasOneThatTheControlCannotSee() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(RestoreExperiment.rounds(seed, Duration.ofSeconds(10)))
          .as("seed %d", seed)
          .singleElement()
          .matches(round -> round.foreign() == 50);
    }
  }

  @Test
  void rounds_longRun_hasEveryCopyWithEveryNumberOfConnects() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(RestoreExperiment.rounds(seed, Duration.ofMinutes(4)))
          .as("seed %d", seed)
          .hasSize(6)
          .doesNotHaveDuplicates();
    }
  }
}
