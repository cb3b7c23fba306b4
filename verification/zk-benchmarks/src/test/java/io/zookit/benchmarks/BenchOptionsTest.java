package io.zookit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {

  @Test
  void parse_allWords_inAnyOrder() {
    BenchOptions options = BenchOptions.parse(
            "--quick",
            "registry",
            "--json",
            "a.json",
            "registry.view",
            "--growth",
            "--ensemble",
            "--report",
            "docs")
        .orElseThrow();
    assertThat(options)
        .isEqualTo(new BenchOptions(
            "registry",
            "registry.view",
            true,
            true,
            true,
            java.util.Optional.of(Path.of("a.json")),
            java.util.Optional.of(Path.of("docs"))));
  }

  @Test
  void parse_whatMakesNoSense_isNothing() {
    assertThat(BenchOptions.parse()).isEmpty();
    assertThat(BenchOptions.parse("nonsense")).isEmpty();
    assertThat(BenchOptions.parse("lock", "--json")).isEmpty();
    assertThat(BenchOptions.parse("lock", "--fast")).isEmpty();
    assertThat(BenchOptions.parse("lock", "a", "b")).isEmpty();
  }

  @Test
  void growths_ofAGroup_areItsOwn() {
    assertThat(BenchCommand.growths(BenchOptions.parse("registry").orElseThrow()))
        .extracting(Growth::name)
        .containsExactly("registry.view");
    assertThat(BenchCommand.growths(BenchOptions.parse("all").orElseThrow()))
        .extracting(Growth::name)
        .containsExactly("lock.drain", "registry.view", "config.publish", "scheduler.armed");
  }

  @Test
  void scenarios_ofARow_areThoseThatGiveIt() {
    assertThat(BenchCommand.scenarios(
            BenchOptions.parse("registry", "registry.memory").orElseThrow()))
        .extracting(Scenario::name)
        .containsExactly("registry-memory");
  }

  @Test
  void point_line_saysNameSizeAndFigure() {
    Growth.Point point = new Growth.Point("lock.drain", 5_000, 812.4, "ms");
    assertThat(point.line()).isEqualTo("lock.drain size=5000 zookit=812");
    assertThat(point.json())
        .isEqualTo("{\"name\":\"lock.drain\",\"size\":5000,\"zookit\":812,\"unit\":\"ms\"}");
  }

  @Test
  void growth_sizes_areThoseOfTheCurves() {
    assertThat(Growth.all())
        .extracting(Growth::sizes)
        .containsExactly(
            List.of(100, 1_000, 5_000),
            List.of(1_000, 10_000, 100_000),
            List.of(100, 1_000, 5_000),
            List.of(1_000, 10_000, 100_000));
  }

  @Test
  void firstOf_anEnsemble_isOneServer() {
    assertThat(BenchRun.firstOf("a:1,b:2,c:3")).isEqualTo("a:1");
    assertThat(BenchRun.firstOf("a:1")).isEqualTo("a:1");
  }
}
