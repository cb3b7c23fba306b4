package io.zookit.config;

import io.zookit.config.format.Format;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A numbered configuration that never changes. Numbers of a namespace are 1, 2, 3, … without a gap.
 *
 * <p>This is what is known of it; its text is {@link History#content}.
 */
public final class Release {

  /** How a release came to be. */
  public enum Kind {
    /** Somebody wrote it. */
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

  private final Namespace namespace;
  private final Manifest manifest;

  Release(Namespace namespace, Manifest manifest) {
    this.namespace = namespace;
    this.manifest = manifest;
  }

  /** Where it belongs. */
  public Namespace namespace() {
    return namespace;
  }

  /** Its number. */
  public int number() {
    return manifest.number();
  }

  /** The release that was stable when this one was made; empty for the first. */
  public OptionalInt parent() {
    return optional(manifest.parent());
  }

  /** How it came to be. */
  public Kind kind() {
    return manifest.kind();
  }

  /** The release whose content it has: after a rollback or a promotion. */
  public OptionalInt restores() {
    return optional(manifest.restores());
  }

  /** How it is written. */
  public Format format() {
    return manifest.format();
  }

  /** Who made it. */
  public String author() {
    return manifest.author();
  }

  /** When, by the clock of who made it. */
  public Instant at() {
    return manifest.at();
  }

  /** Why; empty when nothing was said. */
  public String message() {
    return manifest.message();
  }

  /** What tells this publish from all others, also when its answer was lost. */
  public String publishId() {
    return manifest.publishId();
  }

  /** How many keys it has. */
  public int keys() {
    return manifest.keys();
  }

  /** How long its text is, in bytes of UTF-8. */
  public int size() {
    return manifest.size();
  }

  /** The SHA-256 of its text. */
  public String sha256() {
    return manifest.sha256();
  }

  /** The hash of the manifest before it; the chain makes changes of history visible. Empty for the first. */
  public Optional<String> previousHash() {
    return manifest.previous().isEmpty() ? Optional.empty() : Optional.of(manifest.previous());
  }

  private static OptionalInt optional(@Nullable Integer number) {
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Release that
        && namespace.equals(that.namespace)
        && manifest.equals(that.manifest);
  }

  @Override
  public int hashCode() {
    return manifest.hashCode();
  }

  @Override
  public String toString() {
    return namespace + " " + number();
  }
}
