package io.zookit.config.internal.model;

import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.format.Format;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Header of a release's node, in front of the text.
 *
 * @param previous the hash of the manifest of the number before; empty for the first
 * @param stored the length of the compressed text
 * @param blob the SHA-256 of the compressed text when it is stored apart
 * @param chunks the number of its pieces then
 */
public record Manifest(
    @Stored("number") int number,
    @Stored("parent") @Nullable Integer parent,
    @Stored("kind") Release.Kind kind,
    @Stored("restores") @Nullable Integer restores,
    @Stored("format") Format format,
    @Stored("author") String author,
    @Stored("at") Instant at,
    @Stored("message") String message,
    @Stored("publishId") String publishId,
    @Stored("keys") int keys,
    @Stored("size") int size,
    @Stored("sha256") String sha256,
    @Stored("previous") String previous,
    @Stored("stored") int stored,
    @Stored("blob") @Nullable String blob,
    @Stored("chunks") @Nullable Integer chunks) {

  static final RecordCodec<Manifest> CODEC = RecordCodec.of(Manifest.class, 1);

  private static final int MOST_CHUNKS = PackedText.MOST_STORED / PackedText.CHUNK;

  /** Refuses what no publisher writes, before anything is allocated or looked up because the data says so. */
  public Manifest {
    if (stored < 0 || stored > PackedText.MOST_STORED) {
      throw new IllegalArgumentException(
          "stored: " + stored + " (expected: 0 to " + PackedText.MOST_STORED + ")");
    }
    if (blob != null && !Digests.isSha256(blob)) {
      throw new IllegalArgumentException("blob: no SHA-256");
    }
    if (chunks != null && (chunks < 1 || chunks > MOST_CHUNKS)) {
      throw new IllegalArgumentException(
          "chunks: " + chunks + " (expected: 1 to " + MOST_CHUNKS + ")");
    }
    if ((blob == null) != (chunks == null)) {
      throw new IllegalArgumentException("blob and chunks: one of them (expected: both or none)");
    }
  }

  public ReleaseRef pointer() {
    return new ReleaseRef(number, sha256);
  }

  /** The release, as the API reports it. */
  public Release toRelease(Namespace ns) {
    return new Release(
        ns,
        number,
        optional(parent),
        kind,
        optional(restores),
        format,
        author,
        at,
        message,
        publishId,
        keys,
        size,
        sha256,
        previous.isEmpty() ? Optional.empty() : Optional.of(previous));
  }

  /** Of the hash only, which a string computes once: manifests are keys of what all clients of a JVM share. */
  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  private static OptionalInt optional(@Nullable Integer number) {
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
