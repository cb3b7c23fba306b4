package io.zookit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchResultsTest {

  private static final Row ROW = new Row("lock.free", 200, 100, true, 1.7, 3);

  @TempDir
  private Path folder;

  private BenchResults results;

  @BeforeEach
  void open() {
    results = new BenchResults(
        BenchOptions.parse("lock", "--report", folder.toString()).orElseThrow());
  }

  @Test
  void take_oneIsVoid_isNamedAndTheOthersAreKept() throws Exception {
    results.take("free1/1", () -> results.addRows(List.of(ROW)));
    results.take("many64/1", () -> {
      throw new VoidRunException("exit 3");
    });
    assertThat(results.isVoid()).isTrue();
    assertThat(page())
        .contains("| lock.free |")
        .contains("## What failed and measured nothing\n\n- **many64/1**: exit 3\n");
  }

  @Test
  void take_firstOfMany_isOnDiskBeforeTheNext() throws Exception {
    results.take("free1/1", () -> results.addRows(List.of(ROW)));
    results.take("many64/1", () -> assertThat(folder.resolve("benchmarks.md")).exists());
    assertThat(results.isVoid()).isFalse();
    assertThat(page()).doesNotContain("measured nothing");
  }

  @Test
  void isEmpty_nothingWasTaken_isTrue() {
    assertThat(results.isEmpty()).isTrue();
  }

  private String page() throws Exception {
    return Files.readString(folder.resolve("benchmarks.md"));
  }
}
