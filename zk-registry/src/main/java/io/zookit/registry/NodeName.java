package io.zookit.registry;

import io.zookit.core.internal.ZkPath;
import java.util.Optional;

/**
 * The name of an instance's node, {@code <id>@<incarnation>}: the incarnation is a random number of 16 hexadecimal
 * digits, drawn anew each time the instance is registered.
 */
record NodeName(String id, long incarnation) {

  private static final char SEPARATOR = '@';
  private static final int DIGITS = 16;

  /** A name read from a listing; empty when it is outside the grammar. */
  static Optional<NodeName> parse(String name) {
    int at = name.length() - DIGITS - 1;
    if (at < 1 || name.charAt(at) != SEPARATOR || !isHexadecimal(name.substring(at + 1))) {
      return Optional.empty();
    }
    try {
      String id = ZkPath.requireName("id", name.substring(0, at));
      return Optional.of(new NodeName(id, Long.parseUnsignedLong(name, at + 1, name.length(), 16)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isHexadecimal(String digits) {
    return digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  @Override
  public String toString() {
    String hex = Long.toHexString(incarnation);
    return id + SEPARATOR + "0".repeat(DIGITS - hex.length()) + hex;
  }
}
