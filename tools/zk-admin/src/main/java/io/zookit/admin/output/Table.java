package io.zookit.admin.output;

import java.util.ArrayList;
import java.util.List;

/** Lines of cells, one under the other. */
final class Table {

  private static final String GAP = "   ";

  private final List<List<Cell>> lines;
  private final int[] widths;

  private Table(List<List<Cell>> lines) {
    this.lines = lines;
    this.widths = new int[lines.stream().mapToInt(List::size).max().orElse(0)];
    for (List<Cell> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        widths[i] = Math.max(widths[i], line.get(i).width());
      }
    }
  }

  /** With a heading over each column. */
  static <T> Table of(List<Column<T>> columns, List<T> rows) {
    List<List<Cell>> lines = new ArrayList<>();
    lines.add(
        columns.stream().map(column -> new Cell(column.heading(), Style.STRONG)).toList());
    for (T row : rows) {
      lines.add(columns.stream().map(column -> column.cell().apply(row).cut()).toList());
    }
    return new Table(lines);
  }

  /** Of what has a first and a second cell. */
  static Table of(List<List<Cell>> lines) {
    return new Table(lines);
  }

  /** The text, without blanks at the ends of lines. */
  List<String> render(String indent, boolean colored) {
    return lines.stream().map(line -> render(line, indent, colored)).toList();
  }

  private String render(List<Cell> line, String indent, boolean colored) {
    StringBuilder text = new StringBuilder(indent);
    String blanks = "";
    for (int i = 0; i < line.size(); i++) {
      Cell cell = line.get(i);
      if (cell.width() > 0) {
        text.append(blanks).append(cell.painted(colored));
        blanks = "";
      }
      blanks += " ".repeat(widths[i] - cell.width()) + GAP;
    }
    return text.toString();
  }
}
