package io.zookit.core.fence;

import io.zookit.core.FencingToken;
import java.util.Optional;

/**
 * The mark that a store keeps of the holders that have touched a resource: the greatest exclusive token and the
 * greatest shared one, of the greatest incarnation.
 *
 * <p>It decides alone, without any I/O; a store only has to replace the mark atomically.
 *
 * <ul>
 *   <li>A shared holder must not be older than the last exclusive one. Other shared holders do not matter to it, so a
 *       slow reader is not refused because a later reader came first.
 *   <li>An exclusive holder must not be older than the last exclusive one, and must be newer than every shared one:
 *       those were granted after it, and so after it had lost the lock.
 *   <li>A token of a greater incarnation begins a new mark; one of a smaller incarnation is stale.
 * </ul>
 *
 * <p>An exclusive holder raises {@code lastWrite} with its first touch, even if that only reads: from then on every
 * older holder is refused, and what it has read stays true until it writes.
 *
 * @param lastWrite the greatest token admitted {@code EXCLUSIVE}; transaction number 0 means none
 * @param lastRead the greatest token admitted {@code SHARED}; transaction number 0 means none
 */
public record FenceMark(FencingToken lastWrite, FencingToken lastRead) {

  private static final FenceMark UNTOUCHED = since(0);

  /** Creates a mark; both tokens are of one incarnation. */
  public FenceMark {
    if (lastWrite.incarnation() != lastRead.incarnation()) {
      throw new IllegalArgumentException("lastRead: " + lastRead + " (expected: incarnation "
          + lastWrite.incarnation() + ", as in lastWrite)");
    }
  }

  /** The mark of a resource that no holder has touched. */
  public static FenceMark untouched() {
    return UNTOUCHED;
  }

  /** The greatest incarnation seen. */
  public long incarnation() {
    return lastWrite.incarnation();
  }

  /**
   * Decides whether the holder of a token may touch the resource.
   *
   * @return the mark to store before the touch, equal to this one if nothing changes; empty when the token is stale
   */
  public Optional<FenceMark> admit(FencingToken token, FenceMode mode) {
    if (token.zxid() == 0) {
      throw new IllegalArgumentException(
          "token: " + token + " (expected: a granted one, transaction number 1 or more)");
    }
    if (token.incarnation() > incarnation()) {
      return since(token.incarnation()).admit(token, mode);
    }
    if (lastWrite.isAfter(token)) {
      return Optional.empty();
    }
    if (mode == FenceMode.SHARED) {
      return Optional.of(token.isAfter(lastRead) ? new FenceMark(lastWrite, token) : this);
    }
    return token.isAfter(lastRead) ? Optional.of(new FenceMark(token, lastRead)) : Optional.empty();
  }

  private static FenceMark since(long incarnation) {
    FencingToken none = new FencingToken(incarnation, 0, 0);
    return new FenceMark(none, none);
  }
}
