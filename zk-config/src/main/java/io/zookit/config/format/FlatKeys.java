package io.zookit.config.format;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The flat keys of a text as they are found, within limits.
 *
 * <p>The reader of a format walks the text and says where it is; the key is written out only for a value, after it was
 * counted, so a text that exceeds a limit never has more than the limit in memory. Values that are null, and the names on
 * the way to them, are counted too: they have no key, but cost time.
 */
final class FlatKeys {

  private static final int NODES_FOR_A_KEY = 4;

  private final Format format;
  private final DocumentLimits limits;
  private final Map<String, Scalar> found = new LinkedHashMap<>();
  private final StringBuilder path = new StringBuilder();
  private long characters;
  private long walked;
  private int nodes;

  FlatKeys(Format format, DocumentLimits limits) {
    this.format = format;
    this.limits = limits;
  }

  /** The most nodes that a text within the limits has: values, maps and lists. */
  static int mostNodes(DocumentLimits limits) {
    return NODES_FOR_A_KEY * limits.keys();
  }

  Map<String, Scalar> found() {
    return found;
  }

  /** Tells if nothing was entered, or everything was left. */
  boolean isAtRoot() {
    return path.isEmpty();
  }

  /** Goes to a value of a map; returns where to {@link #leave} to. */
  int enter(String name, int line) {
    int before = path.length();
    count(name.length() + 1L, line);
    if (before > 0) {
      path.append('.');
    }
    path.append(name);
    return before;
  }

  /** Goes to an element of a list; returns where to {@link #leave} to. */
  int enter(int index, int line) {
    int before = path.length();
    count(1, line);
    path.append('[').append(index).append(']');
    return before;
  }

  void leave(int before) {
    path.setLength(before);
  }

  /** There is a value here. */
  void put(Scalar scalar, int line) {
    characters += path.length() + (long) scalar.value().length();
    if (characters > limits.characters()) {
      throw tooMany(line, limits.characters() + " characters of flat keys and values");
    }
    if (found.put(path.toString(), scalar) != null) {
      throw malformed(line, "a key twice, or two ways to one key");
    }
    if (found.size() > limits.keys()) {
      throw tooMany(line, limits.keys() + " keys");
    }
  }

  private void count(long name, int line) {
    walked += name;
    if (++nodes > mostNodes(limits)) {
      throw tooMany(line, mostNodes(limits) + " values, maps and lists");
    }
    if (walked > NODES_FOR_A_KEY * limits.characters()) {
      throw tooMany(line, NODES_FOR_A_KEY * limits.characters() + " characters of names");
    }
  }

  private MalformedContentException tooMany(int line, String what) {
    return malformed(line, "more than " + what);
  }

  MalformedContentException malformed(int line, String reason) {
    return new MalformedContentException(format, "line " + line + ": " + reason);
  }
}
