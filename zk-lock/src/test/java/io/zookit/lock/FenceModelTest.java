package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model of acquire, expire and fence in {@code fence.pml}, searched exhaustively where Spin is installed. */
class FenceModelTest {

  private static final long MINUTES = 5;

  @TempDir
  private Path folder;

  @BeforeEach
  void requireSpin() {
    assumeTrue(isInstalled("spin") && isInstalled("cc"), "spin and a C compiler are not installed");
  }

  @Test
  void model_readsAndWritesFenced_losesNoAcknowledgedUpdate() throws Exception {
    assertThat(search()).contains("errors: 0").doesNotContain("search not completed", "max search");
  }

  @Test
  void model_onlyWritesFenced_losesOne() throws Exception {
    assertThat(search("-DWRITES_ONLY")).contains("errors: 1").contains("value==acknowledged");
  }

  private String search(String... mutation) throws Exception {
    Path model = folder.resolve("fence.pml");
    try (InputStream source = FenceModelTest.class.getResourceAsStream("/fence.pml")) {
      Files.copy(Objects.requireNonNull(source), model);
    }
    List<String> spin = new ArrayList<>(List.of("spin"));
    spin.addAll(Arrays.asList(mutation));
    spin.addAll(List.of("-a", "fence.pml"));
    run(spin);
    run(List.of("cc", "-DSAFETY", "-o", "pan", "pan.c"));
    return run(List.of("./pan", "-m1000000"));
  }

  /** Returns the output of a command, which goes to a file so that the command never waits for a reader. */
  private String run(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as("%s ends: %s", command, printed).isTrue();
    assertThat(process.exitValue()).as("%s: %s", command, printed).isZero();
    return printed;
  }

  private static boolean isInstalled(String program) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
