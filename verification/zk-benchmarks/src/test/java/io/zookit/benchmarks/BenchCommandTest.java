package io.zookit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Measured;
import io.zookit.benchmarks.measure.RowGroup;
import io.zookit.benchmarks.measure.Scenario;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchCommandTest {

  private static BenchOptions options(String... words) {
    return CommandLine.populateCommand(new BenchOptions(), words);
  }

  @Test
  void options_allWords_inAnyOrder() {
    BenchOptions options = options(
        "--quick",
        "registry",
        "--json",
        "a.json",
        "registry.view",
        "--growth",
        "--ensemble",
        "--report",
        "docs");
    assertThat(options.groups()).extracting(RowGroup::name).containsExactly("registry");
    assertThat(options.prefix()).isEqualTo("registry.view");
    assertThat(options.isQuick()).isTrue();
    assertThat(options.isEnsemble()).isTrue();
    assertThat(options.wantsGrowth()).isTrue();
    assertThat(options.json()).contains(Path.of("a.json"));
    assertThat(options.report()).contains(Path.of("docs"));
  }

  @Test
  void options_all_isEveryGroup() {
    assertThat(options("all").groups())
        .extracting(RowGroup::name)
        .containsExactly("lock", "registry", "config", "scheduler", "id", "group");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "lock --json",
        "lock --fast",
        "lock a b",
        "lock no.such.row --quick"
      })
  void run_whatMakesNoSense_isUsage(String words) {
    assertThat(BenchCommand.run(words.isEmpty() ? new String[0] : words.split(" ")))
        .isEqualTo(2);
  }

  @Test
  void run_help_isNoError() {
    assertThat(BenchCommand.run("--help")).isZero();
    assertThat(BenchCommand.run("jmh", "--help")).isZero();
  }

  @Test
  void growths_ofAGroup_areItsOwn() {
    assertThat(BenchCommand.growths(options("registry")))
        .extracting(Growth::name)
        .containsExactly("registry.view");
    assertThat(BenchCommand.growths(options("all")))
        .extracting(Growth::name)
        .containsExactly("lock.drain", "registry.view", "config.publish", "scheduler.armed");
  }

  @Test
  void growths_sizes_areThoseOfTheCurves() {
    assertThat(BenchGroups.growths())
        .extracting(Growth::sizes)
        .containsExactly(
            List.of(100, 1_000, 5_000),
            List.of(1_000, 10_000, 100_000),
            List.of(100, 1_000, 5_000),
            List.of(1_000, 10_000, 100_000));
  }

  @Test
  void scenarios_ofARow_areThoseThatGiveIt() {
    assertThat(BenchCommand.scenarios(
            BenchGroups.named("registry"), options("registry", "registry.memory")))
        .extracting(Scenario::name)
        .containsExactly("registry-memory");
  }

  @Test
  void scenarios_ofAllGroups_haveRowsWithNamesOfTheirOwn() {
    List<String> names = BenchGroups.all().stream()
        .flatMap(group -> group.scenarios().stream())
        .flatMap(scenario -> scenario.rows().stream())
        .map(Measured::name)
        .toList();
    assertThat(names)
        .doesNotHaveDuplicates()
        .contains("lock.free", "lock.contended128.p99", "lock.drain1000.bytes", "lock.many64");
    for (RowGroup group : BenchGroups.all()) {
      assertThat(group.scenarios())
          .allSatisfy(scenario -> assertThat(scenario.rows())
              .allSatisfy(row -> assertThat(row.name()).startsWith(group.name() + ".")));
    }
  }
}
