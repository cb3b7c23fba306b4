package io.zookit.admin.command.config;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import io.zookit.config.format.KeyChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A difference as programs see it.
 *
 * @param from what it starts from
 * @param to what it leads to
 * @param keys what happened to each key; empty for texts without keys
 * @param unified the lines of a unified diff
 */
record DiffDocument(
    String namespace, String from, String to, List<KeyLine> keys, List<String> unified) {

  private static final int HALF = 48;

  /**
   * A change of one key.
   *
   * @param change added, removed or changed
   * @param before the previous value; null if the key did not exist
   * @param after the new value; null if the key was removed
   */
  record KeyLine(
      String key,
      String change,
      @Nullable String before,
      @Nullable String after) {

    static List<KeyLine> of(Diff diff) {
      return diff.keys().stream().map(KeyLine::of).toList();
    }

    private static KeyLine of(KeyChange change) {
      if (change instanceof KeyChange.Added added) {
        return new KeyLine(added.key(), "added", null, added.value());
      }
      if (change instanceof KeyChange.Removed removed) {
        return new KeyLine(removed.key(), "removed", removed.value(), null);
      }
      KeyChange.Changed changed = (KeyChange.Changed) change;
      return new KeyLine(changed.key(), "changed", changed.before(), changed.after());
    }
  }

  static DiffDocument of(Namespace ns, String from, String to, Diff diff) {
    return new DiffDocument(ns.toString(), from, to, KeyLine.of(diff), diff.unified());
  }

  /** Layout of a difference, with its lines in the requested form. */
  static Layout<DiffDocument> layout(List<Cell> lines) {
    return Layout.of(
            DiffDocument::namespace,
            Column.of("NAMESPACE", DiffDocument::namespace),
            Column.of("FROM", DiffDocument::from),
            Column.of("TO", DiffDocument::to),
            Column.<DiffDocument>of("KEYS", diff -> diff.keys.size()))
        .withPage(diff -> page(diff.namespace + " from " + diff.from + " to " + diff.to, lines));
  }

  static Page page(String title, List<Cell> lines) {
    return Page.of(title).text(lines.isEmpty() ? List.of(Cell.of("no difference")) : lines);
  }

  /** Returns the difference key by key if it has keys, else line by line. */
  static List<Cell> lines(Diff diff) {
    return diff.keys().isEmpty()
        ? unified(diff)
        : diff.keys().stream().map(DiffDocument::line).toList();
  }

  private static Cell line(KeyChange change) {
    if (change instanceof KeyChange.Added added) {
      return new Cell("+ " + added.key() + " = " + DisplayText.cut(added.value()), Style.GOOD);
    }
    if (change instanceof KeyChange.Removed removed) {
      return new Cell("- " + removed.key() + " = " + DisplayText.cut(removed.value()), Style.BAD);
    }
    KeyChange.Changed changed = (KeyChange.Changed) change;
    return new Cell(
        "~ " + changed.key() + " = " + DisplayText.cut(changed.before()) + " -> "
            + DisplayText.cut(changed.after()),
        Style.ODD);
  }

  static List<Cell> unified(Diff diff) {
    return diff.unified().stream().map(line -> new Cell(line, style(line))).toList();
  }

  private static Style style(String line) {
    if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@")) {
      return Style.FAINT;
    }
    return line.startsWith("+") ? Style.GOOD : line.startsWith("-") ? Style.BAD : Style.PLAIN;
  }

  /** Returns the difference in two columns: removed lines on the left, added lines on the right. */
  static List<Cell> sideBySide(Diff diff) {
    List<Cell> rows = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (String line : diff.unified()) {
      if (line.startsWith("---") || line.startsWith("+++")) {
        continue;
      }
      if (line.startsWith("-")) {
        removed.add(line.substring(1));
      } else if (line.startsWith("+")) {
        added.add(line.substring(1));
      } else {
        pair(removed, added, rows);
        rows.add(
            line.startsWith("@@")
                ? new Cell(line, Style.FAINT)
                : Cell.of(row(line.substring(1), ' ', line.substring(1))));
      }
    }
    pair(removed, added, rows);
    return rows;
  }

  private static void pair(List<String> removed, List<String> added, List<Cell> rows) {
    for (int i = 0; i < Math.max(removed.size(), added.size()); i++) {
      String left = i < removed.size() ? removed.get(i) : "";
      String right = i < added.size() ? added.get(i) : "";
      boolean both = i < removed.size() && i < added.size();
      char sign = both ? '|' : i < removed.size() ? '<' : '>';
      Style style = both ? Style.ODD : i < removed.size() ? Style.BAD : Style.GOOD;
      rows.add(new Cell(row(left, sign, right), style));
    }
    removed.clear();
    added.clear();
  }

  private static String row(String left, char sign, String right) {
    String cut = left.length() > HALF ? left.substring(0, HALF - 1) + "…" : left;
    return (cut + " ".repeat(HALF - cut.length()) + " " + sign + " " + right).stripTrailing();
  }
}
