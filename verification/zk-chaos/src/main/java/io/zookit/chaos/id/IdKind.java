package io.zookit.chaos.id;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Kinds of ids that processes print. */
enum IdKind {
  /** Out of windows of ticks. */
  SNOWFLAKE,
  /** One write each. */
  SEQUENCE,
  /** Many for a write. */
  SEGMENTS,
  /** Of a recycled machine number and the clock. */
  CONTROL;

  /** The kind that a line begins with. */
  static Optional<IdKind> named(String word) {
    return Stream.of(values()).filter(kind -> kind.toString().equals(word)).findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
