package io.zookit.benchmarks.report;

import io.zookit.benchmarks.measure.Growth;
import io.zookit.benchmarks.measure.Row;
import java.util.List;
import java.util.Locale;

/** A plot with two logarithmic axes as SVG: the measured points, and a thin line that grows as the size does. */
record GrowthPlot(
    Growth growth,
    List<Growth.Point> points,
    double leastSize,
    double mostSize,
    double least,
    double most) {

  private static final int WIDTH = 560;
  private static final int HEIGHT = 340;
  private static final int LEFT = 80;
  private static final int RIGHT = 30;
  private static final int TOP = 44;
  private static final int BOTTOM = 60;

  /** A plot whose axes go over whole powers of ten. Points that are no positive numbers are left out. */
  static GrowthPlot of(Growth growth, List<Growth.Point> all) {
    List<Growth.Point> points = all.stream().filter(point -> point.value() > 0).toList();
    double least = points.stream().mapToDouble(Growth.Point::value).min().orElse(1);
    double most = points.stream().mapToDouble(Growth.Point::value).max().orElse(1);
    int first = growth.sizes().get(0);
    int last = growth.sizes().get(growth.sizes().size() - 1);
    return new GrowthPlot(
        growth, points, powerBelow(first), powerAbove(last), powerBelow(least), powerAbove(most));
  }

  private static double powerBelow(double value) {
    return Math.pow(10, Math.floor(Math.log10(value)));
  }

  private static double powerAbove(double value) {
    double above = Math.pow(10, Math.ceil(Math.log10(value)));
    return above > powerBelow(value) ? above : above * 10;
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\" fill=\"#444\">",
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT);
    line(svg, "<title>%s by %s</title>", growth.name(), growth.things());
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
    text(svg, LEFT, TOP - 20, "start", growth.name() + " (" + growth.unit() + ")");
    text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, "middle", growth.things());
    grid(svg);
    proportional(svg);
    curve(svg);
    return svg.append("</svg>\n").toString();
  }

  private void grid(StringBuilder svg) {
    for (double size = leastSize; size <= mostSize * 1.001; size *= 10) {
      stroke(svg, x(size), TOP, x(size), HEIGHT - BOTTOM, "#e4e4e4");
      text(svg, x(size), HEIGHT - BOTTOM + 18, "middle", number(size));
    }
    for (double value = least; value <= most * 1.001; value *= 10) {
      stroke(svg, LEFT, y(value), WIDTH - RIGHT, y(value), "#e4e4e4");
      text(svg, LEFT - 8, y(value) + 4, "end", number(value) + " " + growth.unit());
    }
  }

  /** Through the first point, as far as the plot goes. */
  private void proportional(StringBuilder svg) {
    if (!points.isEmpty()) {
      Growth.Point first = points.get(0);
      double end = Math.min(mostSize, first.size() * most / first.value());
      stroke(
          svg,
          x(first.size()),
          y(first.value()),
          x(end),
          y(first.value() * end / first.size()),
          "#bbb");
    }
  }

  private void curve(StringBuilder svg) {
    StringBuilder path = new StringBuilder();
    for (Growth.Point point : points) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.size()), y(point.value())));
    }
    line(
        svg,
        "<polyline points=\"%s\" fill=\"none\" stroke=\"#2b6cb0\" stroke-width=\"2\"/>",
        path.toString().strip());
    for (Growth.Point point : points) {
      line(
          svg,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"#2b6cb0\"/>",
          x(point.size()),
          y(point.value()));
      text(svg, x(point.size()), y(point.value()) - 10, "middle", Row.figure(point.value()));
    }
  }

  private double x(double size) {
    return LEFT + (WIDTH - LEFT - RIGHT) * share(size, leastSize, mostSize);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share(value, least, most);
  }

  private static double share(double value, double from, double to) {
    return Math.log(value / from) / Math.log(to / from);
  }

  private static String number(double value) {
    return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    line(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  private static void stroke(
      StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
    line(
        svg,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
        x1,
        y1,
        x2,
        y2,
        colour);
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
