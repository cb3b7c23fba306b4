package io.zookit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Row;
import io.zookit.benchmarks.measure.VoidRunException;
import io.zookit.benchmarks.report.BenchFigures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchResultsTest {

  private static final Row ROW = new Row("lock.free", 200, 100, true, 1.7, 3);

  @TempDir
  private Path folder;

  private BenchResults results;

  @BeforeEach
  void open() throws Exception {
    results = BenchResults.open(options());
  }

  private BenchOptions options() {
    return CommandLine.populateCommand(new BenchOptions(), "lock", "--report", folder.toString());
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
  void take_theLargestSizeIsVoid_theSmallerOnesAreKept() throws Exception {
    results.take(
        "config.publish100",
        () -> results.addPoint(new Growth.Point("config.publish", 100, 60, "ms")));
    results.take("config.publish5000", () -> {
      throw new VoidRunException("exit none");
    });
    assertThat(page()).contains("| 100 | 60 |", "- **config.publish5000**: exit none\n");
  }

  @Test
  void take_firstOfMany_isOnDiskBeforeTheNext() throws Exception {
    results.take("free1/1", () -> results.addRows(List.of(ROW)));
    results.take("many64/1", () -> assertThat(folder.resolve("benchmarks.md")).exists());
    assertThat(results.isVoid()).isFalse();
    assertThat(page()).doesNotContain("measured nothing");
  }

  @Test
  void addRows_ofALaterRun_replaceTheirOwnAndLeaveTheOthers() throws Exception {
    results.take("free1/1", () -> results.addRows(List.of(ROW, row("lock.many64", 7))));
    BenchResults later = BenchResults.open(options());
    later.take("many64/1", () -> later.addRows(List.of(row("lock.many64", 9))));
    assertThat(page())
        .contains("| 200 | 100 | 2.00 |", "| 9 | 1 | 9.00 |")
        .doesNotContain("| 7 | 1 |");
  }

  @Test
  void take_whatFailedInAnEarlierRun_isForgottenOnceItMeasures() throws Exception {
    results.take("free1/1", () -> {
      throw new VoidRunException("exit 3");
    });
    BenchResults later = BenchResults.open(options());
    later.take("many64/1", () -> later.addRows(List.of(row("lock.many64", 9))));
    assertThat(page()).contains("- **free1/1**: exit 3");
    later.take("free1/1", () -> later.addRows(List.of(ROW)));
    assertThat(page()).doesNotContain("measured nothing");
    assertThat(later.isVoid()).isFalse();
  }

  @Test
  void open_figuresAreDamaged_saysWhichFile() throws Exception {
    Path figures = folder.resolve("benchmarks/figures.json");
    Files.createDirectories(folder.resolve("benchmarks"));
    Files.writeString(figures, "{\"rows\": 7}");
    assertThatThrownBy(() -> BenchResults.open(options()))
        .isInstanceOf(BenchFigures.UnreadableException.class)
        .hasMessageContaining(figures.toString());
    assertThat(BenchCommand.run("lock", "--report", folder.toString())).isEqualTo(2);
    assertThat(figures).hasContent("{\"rows\": 7}");
  }

  @Test
  void json_rowsAndPoints_areAnArrayOfFigures() throws Exception {
    Path json = folder.resolve("figures.json");
    BenchResults written = BenchResults.open(
        CommandLine.populateCommand(new BenchOptions(), "lock", "--json", json.toString()));
    written.take("free1/1", () -> {
      written.addRows(List.of(ROW));
      written.addPoint(new Growth.Point("lock.drain", 5_000, 812.4, "ms"));
    });
    assertThat(Files.readString(json).replaceAll("\\s", ""))
        .isEqualTo(
            "[{\"name\":\"lock.free\",\"zookit\":200,\"peer\":100,\"ratio\":2.000,\"target\":1.70,"
                + "\"met\":true,\"spreadPercent\":3},"
                + "{\"name\":\"lock.drain\",\"size\":5000,\"zookit\":812,\"unit\":\"ms\"}]");
  }

  @Test
  void isEmpty_nothingWasTaken_isTrue() {
    assertThat(results.isEmpty()).isTrue();
  }

  private static Row row(String name, double zookit) {
    return new Row(name, zookit, 1, true, 2, 3);
  }

  private String page() throws Exception {
    return Files.readString(folder.resolve("benchmarks.md"));
  }
}
