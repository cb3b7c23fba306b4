package io.zookit.config.format;

/** Change of one key. */
public sealed interface KeyChange {

  /** The flat key. */
  String key();

  /** The key came. */
  record Added(String key, String value) implements KeyChange {}

  /** The key went. */
  record Removed(String key, String value) implements KeyChange {}

  /** The key has another value. */
  record Changed(String key, String before, String after) implements KeyChange {}
}
