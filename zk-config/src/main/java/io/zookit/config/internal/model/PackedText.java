package io.zookit.config.internal.model;

import io.zookit.config.format.Document;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.format.Format;
import io.zookit.core.internal.codec.Compression;
import io.zookit.core.internal.codec.UnreadableDataException;
import java.nio.charset.StandardCharsets;

/**
 * A text as it is stored: compressed, with what tells it from others.
 *
 * @param bytes the compressed text
 * @param sha256 of the text
 * @param size of the text in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PackedText(byte[] bytes, String sha256, int size) {

  /** The most that a release may have when it is compressed. */
  static final int MOST_STORED = 4 * 1024 * 1024;

  /** The length of a piece of a text that is stored apart. */
  public static final int CHUNK = 512 * 1024;

  private static final Compression.ExpansionLimit BOUND =
      new Compression.ExpansionLimit(100, 16 * 1024 * 1024);

  /** Compresses a text. */
  public static PackedText of(String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    byte[] packed = Compression.compress(plain, BOUND);
    if (packed.length > MOST_STORED) {
      throw new IllegalArgumentException("content: " + packed.length
          + " bytes compressed (expected: at most " + MOST_STORED + ")");
    }
    return new PackedText(packed, Digests.sha256(plain), plain.length);
  }

  /**
   * Expands and checks a text.
   *
   * @throws UnreadableDataException if it is not what the hash says, or expands beyond the bound
   * @throws io.zookit.config.format.MalformedContentException if it is what was published, and cannot be used: it is
   *     not of the format, or flattens to more than the limits
   */
  public static Document open(Format format, byte[] packed, String sha256, DocumentLimits limits) {
    byte[] plain = Compression.expand(packed, BOUND);
    if (!Digests.sha256(plain).equals(sha256)) {
      throw new UnreadableDataException(
          "text of " + plain.length + " bytes is not the one that was published");
    }
    return format.parse(new String(plain, StandardCharsets.UTF_8), limits);
  }
}
