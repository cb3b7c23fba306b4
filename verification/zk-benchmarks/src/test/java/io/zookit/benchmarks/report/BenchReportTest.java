package io.zookit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Row;
import io.zookit.benchmarks.registry.RegistryRows;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class BenchReportTest {

  private static final Growth VIEW =
      new Growth("registry.view", "registry", "x", "millis", "ms", "instances", List.of(10, 1_000));
  private static final RowNotes NOTES = RowNotes.of("""
      # row | method | reason

      lock.free | pairs in a second |
      lock.free.bytes | bytes of each | names are too long
      """);

  @TempDir
  private Path folder;

  @Test
  void page_rows_areTablesByGroupWithWhatTheyMean() {
    String page = page(
        new Row("lock.free", 1900, 1000, true, 1.7, 4),
        new Row("config.read", 5, 9, false, 1.7, 12));
    assertThat(page)
        .contains("## lock\n", "## config\n")
        .contains("| lock.free | pairs in a second | 1900 | 1000 | 1.90 | 1.70 | 4 % | met |")
        .contains("| config.read |  | 5 | 9 | 1.80 | 1.70 | 12 % | met |")
        .doesNotContain("missed");
  }

  @Test
  void page_missedRows_areExplained() {
    String page = page(
        new Row("lock.free.bytes", 200, 300, false, 2.5, 0),
        new Row("lock.many64", 1, 2, true, 2, 0));
    assertThat(page)
        .contains("1.50 | 2.50 | 0 % | **missed** |")
        .contains("- **lock.free.bytes**: names are too long\n")
        .contains("- **lock.many64**: not explained yet\n");
  }

  @Test
  void write_growth_isATableAndAPlotBesideThePage() throws Exception {
    List<Growth.Point> points = List.of(point(10, 2.5), point(1_000, 120));
    BenchFigures figures = new BenchFigures();
    points.forEach(each -> figures.put(new BenchFigures.KeptPoint("some day", each)));
    new BenchReport(figures, NOTES, List.of(VIEW)).write(folder);
    assertThat(folder.resolve("benchmarks.md"))
        .content()
        .contains("- registry: some day\n", "| instances | ms |", "| 1,000 | 120 |")
        .contains("![registry.view by size](benchmarks/registry.view.svg)");
    String svg = Files.readString(folder.resolve("benchmarks/registry.view.svg"));
    assertThat(svg).contains(">instances<", ">registry.view (ms)<", ">2.50<", ">120<", ">1,000<");
    assertThat(parsed(svg).getElementsByTagName("circle").getLength()).isEqualTo(2);
  }

  @Test
  void plot_logarithmicAxes_putTenTimesAsMuchEquallyFarApart() throws Exception {
    Growth three = new Growth("n", "g", "x", "m", "ms", "things", List.of(10, 100, 1_000));
    List<Growth.Point> points = List.of(point(10, 3), point(100, 30), point(1_000, 300));
    var circles = parsed(GrowthPlot.of(three, points).svg()).getElementsByTagName("circle");
    double[] x = new double[3];
    double[] y = new double[3];
    for (int i = 0; i < 3; i++) {
      x[i] =
          Double.parseDouble(circles.item(i).getAttributes().getNamedItem("cx").getNodeValue());
      y[i] =
          Double.parseDouble(circles.item(i).getAttributes().getNamedItem("cy").getNodeValue());
    }
    assertThat(x[1] - x[0]).isPositive().isCloseTo(x[2] - x[1], within());
    assertThat(y[0] - y[1]).isPositive().isCloseTo(y[1] - y[2], within());
  }

  @Test
  void plot_withoutPoints_isStillAPicture() throws Exception {
    String svg = GrowthPlot.of(VIEW, List.of(point(10, Double.NaN))).svg();
    assertThat(parsed(svg).getElementsByTagName("circle").getLength()).isZero();
  }

  @Test
  void notes_lineWithoutThreeColumns_isRefused() {
    assertThatThrownBy(() -> RowNotes.of("lock.free | only two"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lock.free");
  }

  @Test
  void notes_ofTheRegistry_areThereForEachOfItsRows() {
    RowNotes standard = RowNotes.standard();
    new RegistryRows()
        .scenarios()
        .forEach(scenario -> scenario
            .rows()
            .forEach(
                row -> assertThat(standard.method(row.name())).as(row.name()).isNotEmpty()));
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(0.2);
  }

  private static Growth.Point point(int size, double value) {
    return new Growth.Point("registry.view", size, value, "ms");
  }

  private static String page(Row... rows) {
    BenchFigures figures = new BenchFigures();
    List.of(rows).forEach(row -> figures.put(new BenchFigures.KeptRow("some day", row)));
    return new BenchReport(figures, NOTES, List.of(VIEW)).page();
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
