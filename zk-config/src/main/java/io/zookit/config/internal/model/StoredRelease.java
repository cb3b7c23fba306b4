package io.zookit.config.internal.model;

import io.zookit.config.format.Document;
import io.zookit.config.format.DocumentLimits;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.HeaderAndPayload;
import io.zookit.core.internal.codec.UnreadableDataException;

/**
 * A release's node: the manifest as one line of JSON, then the compressed text unless it is stored apart.
 *
 * @param hash of the manifest's line
 * @param payload the compressed text, empty when it is stored apart
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoredRelease(Manifest manifest, String hash, byte[] payload) {

  /**
   * The bytes of a node, and what the next manifest and the head call it.
   *
   * @param hash of the manifest's line
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Encoded(byte[] node, String hash) {}

  public static byte[] encode(Manifest manifest, byte[] payload) {
    return new HeaderAndPayload(Manifest.CODEC.encode(manifest), payload).toBytes();
  }

  /** Encodes a release with its hash. */
  public static Encoded encodeWithHash(Manifest manifest, byte[] payload) {
    byte[] line = Manifest.CODEC.encode(manifest);
    return new Encoded(new HeaderAndPayload(line, payload).toBytes(), Digests.sha256(line));
  }

  public static StoredRelease decode(byte[] data) {
    HeaderAndPayload parts = HeaderAndPayload.parse(data);
    return new StoredRelease(
        value(Manifest.CODEC.decode(parts.header()), "release"),
        Digests.sha256(parts.header()),
        parts.payload());
  }

  /** The text for a tool that looks at it, within the highest limits there are. */
  public Document open(byte[] packed) {
    return open(packed, DocumentLimits.highest());
  }

  /** The text; {@code packed} is the payload, or the pieces put together. */
  public Document open(byte[] packed, DocumentLimits limits) {
    if (packed.length != manifest.stored()) {
      throw new UnreadableDataException("release " + manifest.number() + ": " + packed.length
          + " bytes (expected: " + manifest.stored() + ")");
    }
    return PackedText.open(manifest.format(), packed, manifest.sha256(), limits);
  }

  public static <T> T value(Decoded<T> decoded, String what) {
    if (decoded instanceof Decoded.Value<T> read) {
      return read.value();
    }
    if (decoded instanceof Decoded.TooNew<T> later) {
      throw new UnreadableDataException(
          what + ": needs format version " + later.minReader() + " or later to be read");
    }
    throw new UnreadableDataException(what + ": " + ((Decoded.Malformed<T>) decoded).reason());
  }
}
