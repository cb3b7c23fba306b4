package io.zookit.admin.output;

import java.util.Locale;

/** Formats of the data that commands write. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  /** For programs: a list is an array, one thing is an object, a watch is an object a line. */
  JSON,
  /** The same for people. */
  YAML,
  /** Names only, one a line. */
  NAME;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
