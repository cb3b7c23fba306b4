package io.zookit.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who changes something, why, and what he insists on.
 *
 * <p>Immutable; may be used for several changes.
 */
public final class Change {

  private static final int LONGEST_AUTHOR = 128;
  private static final int LONGEST_MESSAGE = 1024;

  private final String author;
  private final String message;
  private final @Nullable Integer base;
  private final boolean besideGrays;
  private final boolean withoutMissing;
  private final boolean despiteFreeze;

  private Change(
      String author,
      String message,
      @Nullable Integer base,
      boolean besideGrays,
      boolean withoutMissing,
      boolean despiteFreeze) {
    this.author = author;
    this.message = message;
    this.base = base;
    this.besideGrays = besideGrays;
    this.withoutMissing = withoutMissing;
    this.despiteFreeze = despiteFreeze;
  }

  /** A change by somebody, 1 to 128 characters. */
  public static Change by(String author) {
    if (author.isBlank() || author.length() > LONGEST_AUTHOR) {
      throw new IllegalArgumentException(
          "author: " + author.length() + " characters (expected: 1 to " + LONGEST_AUTHOR + ")");
    }
    return new Change(author, "", null, false, false, false);
  }

  /** A copy with a reason, at most 1,024 characters. */
  public Change because(String reason) {
    if (reason.length() > LONGEST_MESSAGE) {
      throw new IllegalArgumentException("message: " + reason.length()
          + " characters (expected: at most " + LONGEST_MESSAGE + ")");
    }
    return new Change(author, reason, base, besideGrays, withoutMissing, despiteFreeze);
  }

  /** A copy that is a conflict unless this release is the stable one; 0 for none yet. */
  public Change onTopOf(int release) {
    if (release < 0) {
      throw new IllegalArgumentException("release: " + release + " (expected: 0 or more)");
    }
    return new Change(author, message, release, besideGrays, withoutMissing, despiteFreeze);
  }

  /** A copy that may publish to stable while a gray release is open; the gray release stays as it is. */
  public Change besideGrays() {
    return new Change(author, message, base, true, withoutMissing, despiteFreeze);
  }

  /** A copy that takes the silence of instances in a verified publish; those that reject still stop it. */
  public Change allowingMissing() {
    return new Change(author, message, base, besideGrays, true, despiteFreeze);
  }

  /** A copy that goes through in a freeze window. */
  public Change despiteFreeze() {
    return new Change(author, message, base, besideGrays, withoutMissing, true);
  }

  /** Who. */
  public String author() {
    return author;
  }

  /** Why; empty when nothing was said. */
  public String message() {
    return message;
  }

  /** The release that must be the stable one. */
  public Optional<Integer> base() {
    return Optional.ofNullable(base);
  }

  boolean isBesideGrays() {
    return besideGrays;
  }

  boolean isAllowingMissing() {
    return withoutMissing;
  }

  boolean isDespiteFreeze() {
    return despiteFreeze;
  }

  @Override
  public String toString() {
    return author + (message.isEmpty() ? "" : ": " + message);
  }
}
