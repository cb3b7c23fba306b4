package io.zookit.admin.output;

/**
 * A short text on the terminal. What others wrote into ZooKeeper is shown as it is but for control characters, which could
 * drive the terminal.
 *
 * @param text on one line
 * @param style what it means
 */
public record Cell(String text, Style style) {

  /** Creates a cell. */
  public Cell {
    text = printable(text);
  }

  /** A text that means nothing special. */
  public static Cell of(Object text) {
    return new Cell(String.valueOf(text), Style.PLAIN);
  }

  /** Returns the cell with a text that fits into a table. */
  Cell cut() {
    return new Cell(DisplayText.cut(text), style);
  }

  /** Returns the number of terminal columns it takes. */
  int width() {
    return text.codePointCount(0, text.length());
  }

  String painted(boolean colored) {
    return style.paint(text, colored);
  }

  /** Returns a text without what a terminal would obey: control characters, and those that turn the direction of writing. */
  public static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      int kind = Character.getType(c);
      boolean obeyed = kind == Character.CONTROL
          || kind == Character.FORMAT
          || kind == Character.SURROGATE
          || kind == Character.LINE_SEPARATOR
          || kind == Character.PARAGRAPH_SEPARATOR;
      if (obeyed) {
        shown.append(String.format("\\u%04x", c));
      } else {
        shown.appendCodePoint(c);
      }
    });
    return shown.toString();
  }
}
