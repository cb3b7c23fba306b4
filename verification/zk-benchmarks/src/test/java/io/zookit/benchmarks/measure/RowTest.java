package io.zookit.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    assertThat(Figures.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5.0);
    assertThat(Figures.median(List.of())).isNaN();
  }

  @Test
  void percentile_ofWaits_isTheOneBelowWhichThatShareLies() {
    assertThat(Figures.percentile(List.of(1L, 2L, 3L, 4L, 100L), 0.99)).isEqualTo(100);
    assertThat(Figures.percentile(List.of(4L, 1L, 3L, 2L), 0.5)).isEqualTo(3);
  }

  @Test
  void spread_ofRounds_isTheWidestDistanceFromTheMedian() {
    assertThat(Figures.spread(List.of(90.0, 100.0, 130.0))).isEqualTo(30);
    assertThat(Figures.spread(List.of(0.0, 0.0))).isZero();
  }

  @Test
  void firstServer_anEnsemble_isOneServer() {
    assertThat(ScenarioSetup.firstServer("a:1,b:2,c:3")).isEqualTo("a:1");
    assertThat(ScenarioSetup.firstServer("a:1")).isEqualTo("a:1");
  }

  @Test
  void line_ofAPoint_saysNameSizeAndFigure() {
    Growth.Point point = new Growth.Point("lock.drain", 5_000, 812.4, "ms");
    assertThat(point.line()).isEqualTo("lock.drain size=5000 zookit=812");
  }
}
