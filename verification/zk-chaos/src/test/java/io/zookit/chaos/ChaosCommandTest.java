package io.zookit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void help_everyExperiment_isListedWithItsPromise() throws Exception {
    assertThat(run("--help")).isZero();
    assertThat(ExperimentRunner.experiments())
        .containsOnlyKeys(
            "fenced-counter",
            "pauses",
            "killed-holders",
            "recovery",
            "fifo",
            "config",
            "registry",
            "scheduler",
            "ids",
            "ownership",
            "boundaries",
            "restore")
        .allSatisfy((name, promise) -> assertThat(out.toString(StandardCharsets.UTF_8))
            .contains("  " + name + " ")
            .contains(promise));
  }

  @Test
  void run_unknownExperiment_isAUsageError() throws Exception {
    assertThat(run("weather")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("zookit chaos: experiment: weather (expected: one of [fenced-counter, ");
  }

  @Test
  void run_tooManyMinutes_isAUsageError() throws Exception {
    assertThat(run("fifo", "--minutes", "11")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--minutes: \"11\" (expected: 1 to 10)");
  }

  @Test
  void run_outputThatCannotBeWritten_fails() throws Exception {
    OutputStream full = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("the disk is full");
      }
    };
    int code = ChaosCommand.run(
        List.of("--help"),
        Path.of("never-made"),
        new PrintStream(full, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot be written");
  }

  private int run(String... args) throws Exception {
    return ChaosCommand.run(
        List.of(args),
        Path.of("never-made"),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
