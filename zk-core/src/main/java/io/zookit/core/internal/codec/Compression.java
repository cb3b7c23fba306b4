package io.zookit.core.internal.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/**
 * Gzip with an end to what it may expand to. Equal data has equal bytes within one release of Java.
 *
 * <p>Only plain members are read, as they are written here: no name, no comment, no second member. Java's own stream
 * would take garbage after the end for the end.
 */
public final class Compression {

  private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0};
  private static final int HEADER_SIZE = 10;
  private static final int TRAILER_SIZE = 8;

  private Compression() {}

  /**
   * The limit of expanded data, relative to its compressed size and absolute. 64 KiB are always within the ratio.
   *
   * @param ratio expanded to compressed size, 10 or more
   * @param bytes of the expanded data, 1 or more
   */
  public record ExpansionLimit(int ratio, int bytes) {

    /** Twenty times, 4 MiB. */
    public static final ExpansionLimit STANDARD = new ExpansionLimit(20, 4 * 1024 * 1024);

    private static final int ALWAYS = 64 * 1024;

    /** Creates a bound. */
    public ExpansionLimit {
      if (ratio < 10) {
        throw new IllegalArgumentException("ratio: " + ratio + " (expected: 10 or more)");
      }
      if (bytes < 1) {
        throw new IllegalArgumentException("bytes: " + bytes + " (expected: 1 or more)");
      }
    }

    long expandedFrom(int size) {
      return Math.min(bytes, Math.max(ALWAYS, (long) ratio * size));
    }
  }

  /**
   * Compresses data so that it expands within the same bound again: data that would shrink too well to be distinguished
   * from a decompression bomb is compressed less.
   *
   * @throws IllegalArgumentException if the data is larger than the bound
   */
  public static byte[] compress(byte[] data, ExpansionLimit bound) {
    if (data.length > bound.bytes()) {
      throw new IllegalArgumentException(
          "data: " + data.length + " bytes (expected: at most " + bound.bytes() + ")");
    }
    byte[] best = gzip(data, Deflater.DEFAULT_STRATEGY);
    // Huffman codes alone take at least one bit for each byte.
    return data.length <= bound.expandedFrom(best.length)
        ? best
        : gzip(data, Deflater.HUFFMAN_ONLY);
  }

  /**
   * Expands data that {@link #compress} has written.
   *
   * <p><i>Cost:</i> allocates the size that the data declares, after a check that it is within the bound.
   *
   * @throws UnreadableDataException if the data is damaged, truncated, followed by anything, or expands beyond the
   * bound
   */
  public static byte[] expand(byte[] data, ExpansionLimit bound) {
    if (data.length < HEADER_SIZE + TRAILER_SIZE
        || !Arrays.equals(data, 0, HEADER.length, HEADER, 0, HEADER.length)) {
      throw new UnreadableDataException(data.length + " bytes that are not plain gzip");
    }
    ByteBuffer trailer = ByteBuffer.wrap(data, data.length - TRAILER_SIZE, TRAILER_SIZE)
        .order(ByteOrder.LITTLE_ENDIAN);
    long sum = Integer.toUnsignedLong(trailer.getInt());
    long size = Integer.toUnsignedLong(trailer.getInt());
    if (size > bound.expandedFrom(data.length)) {
      throw new UnreadableDataException("gzip of " + data.length + " bytes expands to " + size
          + " (expected: at most " + bound.expandedFrom(data.length) + ")");
    }
    byte[] expanded = inflate(data, (int) size);
    CRC32 actual = new CRC32();
    actual.update(expanded);
    if (actual.getValue() != sum) {
      throw new UnreadableDataException("gzip of " + data.length + " bytes has a wrong checksum");
    }
    return expanded;
  }

  private static byte[] inflate(byte[] data, int size) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(data, HEADER_SIZE, data.length - HEADER_SIZE - TRAILER_SIZE);
      byte[] expanded = new byte[size];
      int length = 0;
      while (length < size) {
        int step = inflater.inflate(expanded, length, size - length);
        if (step == 0) {
          break;
        }
        length += step;
      }
      // One byte more would not fit; this also takes the mark at the end.
      boolean exact = length == size && inflater.inflate(new byte[1]) == 0;
      if (!exact || !inflater.finished() || inflater.getRemaining() != 0) {
        throw new UnreadableDataException(
            "gzip of " + data.length + " bytes does not hold the " + size + " it says");
      }
      return expanded;
    } catch (DataFormatException e) {
      throw new UnreadableDataException("gzip of " + data.length + " bytes is damaged");
    } finally {
      inflater.end();
    }
  }

  private static byte[] gzip(byte[] data, int strategy) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length / 4 + 64);
    try (OutputStream out = new StrategicGzip(bytes, strategy)) {
      out.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException("memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static final class StrategicGzip extends GZIPOutputStream {
    StrategicGzip(OutputStream out, int strategy) throws IOException {
      super(out);
      def.setStrategy(strategy);
    }
  }
}
