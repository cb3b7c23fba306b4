package io.zookit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every experiment in full, with three seeds; only in {@code mvn -Pnightly verify}. */
@Tag("nightly")
class LongRunIT {

  private static final Duration LENGTH =
      Duration.ofMinutes(Integer.getInteger("zookit.chaos.minutes", 4));

  static List<String> experiments() {
    return List.copyOf(ExperimentRunner.experiments().keySet());
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void experiment_threeSeeds_holds(String experiment) throws Exception {
    Path folder = Path.of("target", "chaos", experiment);
    assertThat(new ExperimentRunner(folder, System.out::println)
            .run(experiment, List.of(1L, 2L, 3L), LENGTH))
        .as("see %s", folder.resolve("chaos-report.md"))
        .isTrue();
  }
}
