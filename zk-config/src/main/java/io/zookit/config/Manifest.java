package io.zookit.config;

import io.zookit.config.format.Format;
import io.zookit.core.internal.RecordCodec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of a release's text.
 *
 * @param previous the hash of the manifest of the number before; empty for the first
 * @param stored the length of the compressed text
 * @param blob the SHA-256 of the compressed text when it is stored apart
 * @param chunks the number of its pieces then
 */
record Manifest(
    int number,
    @Nullable Integer parent,
    Release.Kind kind,
    @Nullable Integer restores,
    Format format,
    String author,
    Instant at,
    String message,
    String publishId,
    int keys,
    int size,
    String sha256,
    String previous,
    int stored,
    @Nullable String blob,
    @Nullable Integer chunks) {

  static final RecordCodec<Manifest> CODEC = RecordCodec.of(Manifest.class, 1);

  Pointer pointer() {
    return new Pointer(number, sha256);
  }
}
