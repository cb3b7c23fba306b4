package io.zookit.config.format;

import java.util.Map;

/**
 * Reads the grammar of {@link java.util.Properties#load(java.io.Reader)} and remembers where each value stands.
 *
 * <p>A logical line goes on after a line end that an odd number of backslashes precedes. What is read here is what Java
 * reads, but for one thing: a key twice is refused.
 */
final class PropertiesReader {

  private final String text;
  private final FlatKeys keys;
  private int at;
  private int line = 1;

  PropertiesReader(String text, DocumentLimits limits) {
    this.text = text;
    this.keys = new FlatKeys(Format.PROPERTIES, limits);
  }

  Map<String, Scalar> read() {
    while (skipBlank()) {
      int keyLine = line;
      StringBuilder key = new StringBuilder();
      scan(key, true);
      skipSeparator();
      StringBuilder value = new StringBuilder();
      int start = at;
      scan(value, false);
      Scalar scalar = new Scalar(value.toString(), start, at, true);
      int outer = keys.enter(key.toString(), keyLine);
      keys.put(scalar, keyLine);
      keys.leave(outer);
    }
    return keys.found();
  }

  /** The start of the logical line that holds an index. */
  int lineStart(int index) {
    int start = 0;
    while (skipBlank()) {
      if (at > index) {
        return start;
      }
      start = at;
      scan(new StringBuilder(), false);
    }
    return start;
  }

  /** Moves to the first character of the next key; false at the end. */
  private boolean skipBlank() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#' || c == '!') {
        while (at < text.length() && !isLineEnd(text.charAt(at))) {
          at++;
        }
      } else if (isLineEnd(c)) {
        lineEnd();
      } else if (isBlank(c)) {
        at++;
      } else if (isContinuation()) {
        at++; // a line of nothing but its continuation begins with the next one
        lineEnd();
      } else {
        return true;
      }
    }
    return false;
  }

  private void skipSeparator() {
    skipBlanksInLine();
    if (at < text.length() && (text.charAt(at) == '=' || text.charAt(at) == ':')) {
      at++;
      skipBlanksInLine();
    }
  }

  private void skipBlanksInLine() {
    while (at < text.length()) {
      if (isBlank(text.charAt(at))) {
        at++;
      } else if (isContinuation()) {
        at++;
        lineEnd();
      } else {
        return;
      }
    }
  }

  /** Reads a key up to its separator, or a value up to the end of its line. */
  private void scan(StringBuilder into, boolean key) {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isLineEnd(c) || (key && (c == '=' || c == ':' || isBlank(c)))) {
        return;
      }
      if (isContinuation()) {
        at++;
        lineEnd();
        while (at < text.length() && isBlank(text.charAt(at))) {
          at++;
        }
      } else if (c == '\\') {
        at++;
        escape(into);
      } else {
        into.append(c);
        at++;
      }
    }
  }

  private void escape(StringBuilder into) {
    if (at == text.length()) {
      return;
    }
    char c = text.charAt(at++);
    switch (c) {
      case 't' -> into.append('\t');
      case 'r' -> into.append('\r');
      case 'n' -> into.append('\n');
      case 'f' -> into.append('\f');
      case 'u' -> into.append(unicode());
      default -> into.append(c);
    }
  }

  private char unicode() {
    if (at + 4 > text.length()) {
      throw keys.malformed(line, "a cut \\u escape");
    }
    try {
      char c = (char) Integer.parseUnsignedInt(text.substring(at, at + 4), 16);
      at += 4;
      return c;
    } catch (NumberFormatException e) {
      throw keys.malformed(line, "a \\u escape that is not four hex digits");
    }
  }

  private boolean isContinuation() {
    return text.charAt(at) == '\\' && at + 1 < text.length() && isLineEnd(text.charAt(at + 1));
  }

  private void lineEnd() {
    char c = text.charAt(at++);
    if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
      at++;
    }
    line++;
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\f';
  }
}
