package io.zookit.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strictly increasing number that a protected resource checks, so that a holder that has lost its lock without
 * knowing it can do no harm.
 *
 * <p>Every grant of a name carries a token greater than all before it: over releases, over deletion of the lock's
 * folder, over a change of the ZooKeeper leader and over a full restart. The parts, most significant first:
 *
 * <ul>
 *   <li>{@code incarnation}: a counter under the root that an operator raises after data was lost or restored, because
 *       ZooKeeper's own numbers then start again;
 *   <li>{@code zxid}: ZooKeeper's transaction number of the grant (the creation number of the lock's node), compared as
 *       unsigned;
 *   <li>{@code handOff}: counts owners inside one process that passed one node on without asking ZooKeeper.
 * </ul>
 *
 * <p>The text form has a fixed width and sorts like the token, in any ASCII-based collation:
 * {@code 0000000000000001-00000003000000a7-00000000}.
 *
 * @param incarnation 0 or more
 * @param zxid transaction number
 * @param handOff 0 or more
 */
public record FencingToken(long incarnation, long zxid, int handOff)
    implements Comparable<FencingToken> {

  private static final Pattern TEXT =
      Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{8})");

  /** Creates a token. */
  public FencingToken {
    if (incarnation < 0) {
      throw new IllegalArgumentException("incarnation: " + incarnation + " (expected: 0 or more)");
    }
    if (handOff < 0) {
      throw new IllegalArgumentException("handOff: " + handOff + " (expected: 0 or more)");
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if {@link #toString} does not write such a text
   */
  public static FencingToken parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "token: \"" + text + "\" (expected: 16-16-8 lower-case hexadecimal digits)");
    }
    return new FencingToken(
        Long.parseUnsignedLong(parts.group(1), 16),
        Long.parseUnsignedLong(parts.group(2), 16),
        Integer.parseUnsignedInt(parts.group(3), 16));
  }

  /** Tells if this token was granted after the other one. */
  public boolean isAfter(FencingToken other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(FencingToken other) {
    int byIncarnation = Long.compare(incarnation, other.incarnation);
    if (byIncarnation != 0) {
      return byIncarnation;
    }
    int byZxid = Long.compareUnsigned(zxid, other.zxid);
    return byZxid != 0 ? byZxid : Integer.compare(handOff, other.handOff);
  }

  /** The canonical text: fixed width, and text order is token order. */
  @Override
  public String toString() {
    return String.format("%016x-%016x-%08x", incarnation, zxid, handOff);
  }
}
