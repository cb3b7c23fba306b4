package io.zookit.admin.output;

import java.util.ArrayList;
import java.util.List;

/** One thing on the terminal: what it is, its fields, and tables of what is in it. */
public final class Page {

  private final Cell title;
  private final List<List<Cell>> fields = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Cell> text = new ArrayList<>();

  private Page(Cell title) {
    this.title = title;
  }

  /** A page with a title. */
  public static Page of(String title) {
    return new Page(new Cell(title, Style.STRONG));
  }

  /** Adds a field. */
  public Page field(String name, Object value) {
    return field(name, Cell.of(value));
  }

  /** Adds a field. */
  public Page field(String name, Cell value) {
    fields.add(List.of(new Cell(name, Style.FAINT), value));
    return this;
  }

  /** Adds a field, unless it is empty. */
  public Page optional(String name, String value) {
    return value.isEmpty() ? this : field(name, value);
  }

  /** Adds a table, unless it has no rows. */
  public <T> Page table(List<Column<T>> columns, List<T> rows) {
    if (!rows.isEmpty()) {
      tables.add(Table.of(columns, rows));
    }
    return this;
  }

  /** Adds lines of text under everything else. */
  public Page text(List<Cell> lines) {
    text.addAll(lines);
    return this;
  }

  List<String> render(boolean colored) {
    List<String> lines = new ArrayList<>();
    lines.add(title.painted(colored));
    lines.addAll(Table.of(fields).render("  ", colored));
    for (Table table : tables) {
      lines.add("");
      lines.addAll(table.render("  ", colored));
    }
    if (!text.isEmpty()) {
      lines.add("");
      text.forEach(line -> lines.add(line.painted(colored)));
    }
    return lines;
  }
}
