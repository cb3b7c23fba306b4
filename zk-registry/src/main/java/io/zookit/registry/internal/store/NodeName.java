package io.zookit.registry.internal.store;

import io.zookit.core.internal.path.ZkPath;
import java.util.Optional;

/**
 * The name of an instance's node, {@code <id>@<nonce>}: the nonce is a random number of 16 hexadecimal digits, drawn
 * again each time the instance is registered.
 */
public record NodeName(String id, long nonce) {

  private static final char SEPARATOR = '@';
  private static final int DIGITS = 16;

  /** A name read from a listing; empty when it is outside the grammar. */
  public static Optional<NodeName> parse(String name) {
    if (!isValid(name)) {
      return Optional.empty();
    }
    int at = name.length() - DIGITS - 1;
    long nonce = Long.parseUnsignedLong(name, at + 1, name.length(), 16);
    return Optional.of(new NodeName(name.substring(0, at), nonce));
  }

  /** Tells if a name is one of an instance's node. */
  public static boolean isValid(String name) {
    int at = name.length() - DIGITS - 1;
    if (at < 1 || name.charAt(at) != SEPARATOR) {
      return false;
    }
    for (int i = at + 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return ZkPath.isName(name, at);
  }

  @Override
  public String toString() {
    String hex = Long.toHexString(nonce);
    return id + SEPARATOR + "0".repeat(DIGITS - hex.length()) + hex;
  }
}
