package io.zookit.config.format;

import io.zookit.core.internal.codec.Stored;
import java.util.Optional;

/**
 * The most that a text may flatten to. The length of a text bounds neither: names of maps are repeated in every key below
 * them, and an alias repeats all that it stands for.
 *
 * @param keys the flat keys
 * @param characters the characters of all flat keys and values together; a text without keys is not counted
 */
public record DocumentLimits(
    @Stored("keys") int keys, @Stored("characters") long characters) {

  private static final int HIGHEST_KEYS = 100_000;
  private static final long HIGHEST_CHARACTERS = 64L << 20;
  private static final DocumentLimits STANDARD = new DocumentLimits(20_000, 8L << 20);
  private static final DocumentLimits HIGHEST =
      new DocumentLimits(HIGHEST_KEYS, HIGHEST_CHARACTERS);

  /** Creates limits. */
  public DocumentLimits {
    if (keys < 1 || keys > HIGHEST_KEYS) {
      throw new IllegalArgumentException(
          "keys: " + keys + " (expected: 1 to " + HIGHEST_KEYS + ")");
    }
    if (characters < 1 || characters > HIGHEST_CHARACTERS) {
      throw new IllegalArgumentException(
          "characters: " + characters + " (expected: 1 to " + HIGHEST_CHARACTERS + ")");
    }
  }

  /** 20,000 keys and 8 Mi characters: the limits of a namespace whose policy sets no others. */
  public static DocumentLimits standard() {
    return STANDARD;
  }

  /** 100,000 keys and 64 Mi characters: no policy may set more. */
  public static DocumentLimits highest() {
    return HIGHEST;
  }

  /** Limits of which neither is greater than here or there. */
  public DocumentLimits atMost(DocumentLimits other) {
    return new DocumentLimits(Math.min(keys, other.keys), Math.min(characters, other.characters));
  }

  /** Finds what exceeds the limits in a document that was read within higher ones; empty if nothing does. */
  public Optional<String> problem(Document document) {
    if (!document.format().isStructured()) {
      return Optional.empty();
    }
    int found = document.values().size();
    if (found > keys) {
      return Optional.of(found + " keys (expected: at most " + keys + ")");
    }
    return document.characters() > characters
        ? Optional.of(document.characters()
            + " characters of flat keys and values (expected: at most " + characters + ")")
        : Optional.empty();
  }
}
