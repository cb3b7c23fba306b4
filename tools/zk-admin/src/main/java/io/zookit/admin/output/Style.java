package io.zookit.admin.output;

/** The meaning of a text on the terminal, shown by its colour if the output is coloured. */
public enum Style {
  /** Nothing special. */
  PLAIN(""),
  /** A heading. */
  STRONG("1"),
  /** As it should be. */
  GOOD("32"),
  /** Worth a look. */
  ODD("33"),
  /** Not as it should be. */
  BAD("31"),
  /** Of less interest. */
  FAINT("2");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** Returns a text in this style if the output is coloured. */
  public String paint(String text, boolean colored) {
    return colored && !code.isEmpty() && !text.isEmpty()
        ? "\033[" + code + "m" + text + "\033[0m"
        : text;
  }
}
