package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Tone;
import io.zookit.config.format.Diff;
import io.zookit.config.format.KeyChange;
import java.util.ArrayList;
import java.util.List;

/** Formats differences for display. */
final class Differences {

  private static final int HALF = 48;

  private Differences() {}

  /** Returns the difference key by key if it has keys, else line by line. */
  static List<Cell> lines(Diff diff) {
    return diff.keys().isEmpty()
        ? unified(diff)
        : diff.keys().stream().map(Differences::line).toList();
  }

  private static Cell line(KeyChange change) {
    if (change instanceof KeyChange.Added added) {
      return new Cell("+ " + added.key() + " = " + added.value(), Tone.GOOD);
    }
    if (change instanceof KeyChange.Removed removed) {
      return new Cell("- " + removed.key() + " = " + removed.value(), Tone.BAD);
    }
    KeyChange.Changed changed = (KeyChange.Changed) change;
    return new Cell(
        "~ " + changed.key() + " = " + changed.before() + " -> " + changed.after(), Tone.ODD);
  }

  static List<Cell> unified(Diff diff) {
    return diff.unified().stream().map(line -> new Cell(line, tone(line))).toList();
  }

  private static Tone tone(String line) {
    if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@")) {
      return Tone.FAINT;
    }
    return line.startsWith("+") ? Tone.GOOD : line.startsWith("-") ? Tone.BAD : Tone.PLAIN;
  }

  /** Returns the difference in two columns: removed lines on the left, added lines on the right. */
  static List<Cell> sideBySide(Diff diff) {
    List<Cell> rows = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    List<String> come = new ArrayList<>();
    for (String line : diff.unified()) {
      if (line.startsWith("---") || line.startsWith("+++")) {
        continue;
      }
      if (line.startsWith("-")) {
        gone.add(line.substring(1));
      } else if (line.startsWith("+")) {
        come.add(line.substring(1));
      } else {
        flush(gone, come, rows);
        rows.add(
            line.startsWith("@@")
                ? new Cell(line, Tone.FAINT)
                : Cell.of(row(line.substring(1), ' ', line.substring(1))));
      }
    }
    flush(gone, come, rows);
    return rows;
  }

  private static void flush(List<String> gone, List<String> come, List<Cell> rows) {
    for (int i = 0; i < Math.max(gone.size(), come.size()); i++) {
      String left = i < gone.size() ? gone.get(i) : "";
      String right = i < come.size() ? come.get(i) : "";
      boolean both = i < gone.size() && i < come.size();
      char sign = both ? '|' : i < gone.size() ? '<' : '>';
      rows.add(new Cell(
          row(left, sign, right), both ? Tone.ODD : i < gone.size() ? Tone.BAD : Tone.GOOD));
    }
    gone.clear();
    come.clear();
  }

  private static String row(String left, char sign, String right) {
    String cut = left.length() > HALF ? left.substring(0, HALF - 1) + "…" : left;
    return (cut + " ".repeat(HALF - cut.length()) + " " + sign + " " + right).stripTrailing();
  }
}
