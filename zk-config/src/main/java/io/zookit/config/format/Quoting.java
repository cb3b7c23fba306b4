package io.zookit.config.format;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.regex.Pattern;

/** Writes one value so that its format reads it back. */
final class Quoting {

  private static final Pattern NUMBER_OR_TRUTH =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false");

  private Quoting() {}

  /** Renders the text that replaces an old value. Numbers and truth values stay without quotes where they were. */
  static String render(Format format, String text, Scalar old, String value) {
    boolean bare = old.bare() && NUMBER_OR_TRUTH.matcher(value).matches();
    return switch (format) {
      case PROPERTIES -> propertiesValue(value);
      case JSON -> bare ? value : quoted(value);
      case YAML -> {
        // A block scalar ends behind its last line end, which must stay.
        boolean block = old.end() > old.start() && text.charAt(old.end() - 1) == '\n';
        yield (bare ? value : quoted(value)) + (block ? "\n" : "");
      }
      case TEXT -> value;
    };
  }

  static String propertiesKey(String key) {
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '=' || c == ':' || c == '#' || c == '!' || c == ' ') {
        written.append('\\').append(c);
      } else {
        escape(written, c);
      }
    }
    return written.toString();
  }

  static String propertiesValue(String value) {
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' && i == 0) {
        written.append("\\ ");
      } else {
        escape(written, c);
      }
    }
    return written.toString();
  }

  private static void escape(StringBuilder written, char c) {
    switch (c) {
      case '\\' -> written.append("\\\\");
      case '\n' -> written.append("\\n");
      case '\r' -> written.append("\\r");
      case '\t' -> written.append("\\t");
      case '\f' -> written.append("\\f");
      default -> written.append(c);
    }
  }

  /** A JSON string; YAML reads it the same. */
  private static String quoted(String value) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
  }
}
