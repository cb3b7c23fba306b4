package io.zookit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowTest {

  @Test
  void line_ofARate_saysHowManyTimesBetter() {
    Row row = new Row("lock.free", 1900.4, 1000, true, 1.7, 4);
    assertThat(row.line()).isEqualTo("lock.free zookit=1900 peer=1000 ratio=1.90 target=1.70 met");
  }

  @Test
  void line_ofASize_lessIsBetter() {
    Row row = new Row("lock.free.bytes", 200, 300, false, 2.5, 0);
    assertThat(row.line())
        .isEqualTo("lock.free.bytes zookit=200 peer=300 ratio=1.50 target=2.50 missed");
  }

  @Test
  void median_ofRounds_isTheMiddleOne() {
    assertThat(BenchRun.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5.0);
    assertThat(BenchRun.median(List.of())).isNaN();
  }

  @Test
  void percentile_ofWaits_isTheOneBelowWhichThatShareLies() {
    assertThat(LockScenarios.percentile(List.of(1L, 2L, 3L, 4L, 100L), 0.99)).isEqualTo(100);
    assertThat(LockScenarios.percentile(List.of(4L, 1L, 3L, 2L), 0.5)).isEqualTo(3);
  }

  @Test
  void scenarios_rows_haveNamesOfTheirOwn() {
    Set<String> names = new HashSet<>();
    LockRows.scenarios()
        .forEach(scenario ->
            scenario.rows().forEach(row -> assertThat(names.add(row.name())).isTrue()));
    assertThat(names)
        .contains("lock.free", "lock.contended128.p99", "lock.drain1000.bytes", "lock.many64");
  }

  @Test
  void run_badArguments_isUsage() throws Exception {
    assertThat(BenchCommand.run()).isEqualTo(2);
    assertThat(BenchCommand.run("nonsense")).isEqualTo(2);
    assertThat(BenchCommand.run("lock", "no.such.row", "--quick")).isEqualTo(2);
  }
}
