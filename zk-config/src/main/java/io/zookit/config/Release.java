package io.zookit.config;

import io.zookit.config.format.Format;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A numbered configuration that never changes. Numbers of a namespace are 1, 2, 3, … without a gap.
 *
 * <p>This is what is known of it; its text is {@link History#content}.
 *
 * @param namespace the namespace it belongs to
 * @param number its number
 * @param parent the release that was stable when this one was created; empty for the first
 * @param kind how it came to be
 * @param restores the release whose content it has, after a rollback or a promotion
 * @param format the format of its text
 * @param author the author of the change that created it
 * @param at when, by the clock of the author
 * @param message why; empty if no reason was given
 * @param publishId tells this publish from all others, also if its answer was lost
 * @param keys the number of its keys
 * @param size the length of its text, in bytes of UTF-8
 * @param sha256 the SHA-256 of its text
 * @param previousHash the hash of the manifest before it; the chain reveals changes of history. Empty for the first
 */
public record Release(
    Namespace namespace,
    int number,
    OptionalInt parent,
    Kind kind,
    OptionalInt restores,
    Format format,
    String author,
    Instant at,
    String message,
    String publishId,
    int keys,
    int size,
    String sha256,
    Optional<String> previousHash) {

  /** Origin of a release. */
  public enum Kind {
    /** It was written. */
    @Stored("PUBLISH")
    PUBLISH,
    /** It has the content of an earlier one. */
    @Stored("ROLLBACK")
    ROLLBACK,
    /** It has the content of a gray release that became stable. */
    @Stored("PROMOTE")
    PROMOTE,
    /** It was brought from elsewhere. */
    @Stored("IMPORT")
    IMPORT
  }

  @Override
  public String toString() {
    return namespace + " " + number;
  }
}
