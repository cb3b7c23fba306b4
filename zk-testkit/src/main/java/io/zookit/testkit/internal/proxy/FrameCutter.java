package io.zookit.testkit.internal.proxy;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into ZooKeeper's packets: four bytes of length and as many bytes as it says.
 *
 * <p>A stream that does not begin like that (a four-letter command, TLS) is passed on as it comes.
 */
public final class FrameCutter {

  /** Longer than any packet, shorter than what four letters or a TLS record look like as a length. */
  private static final int LONGEST = 1 << 26;

  private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
  private @Nullable ByteBuffer packet;
  private boolean raw;

  /** Returns whether the stream is passed on as it arrives. */
  public boolean isRaw() {
    return raw;
  }

  /** Takes bytes in and gives out each packet that is complete, with its length in front. */
  public void feed(ByteBuffer bytes, Consumer<ByteBuffer> out) {
    while (bytes.hasRemaining()) {
      if (raw) {
        out.accept(copyOf(bytes, bytes.remaining()));
      } else if (packet != null) {
        fill(packet, bytes);
        if (!packet.hasRemaining()) {
          ByteBuffer complete = packet.flip();
          packet = null;
          out.accept(complete);
        }
      } else {
        fill(length, bytes);
        if (!length.hasRemaining()) {
          begin(out);
        }
      }
    }
  }

  private void begin(Consumer<ByteBuffer> out) {
    length.flip();
    int size = length.getInt(0);
    if (size < 0 || size > LONGEST) {
      raw = true;
      out.accept(copyOf(length, Integer.BYTES));
    } else if (size == 0) {
      out.accept(copyOf(length, Integer.BYTES));
    } else {
      packet = ByteBuffer.allocate(Integer.BYTES + size).put(length);
    }
    length.clear();
  }

  private static void fill(ByteBuffer target, ByteBuffer source) {
    int count = Math.min(target.remaining(), source.remaining());
    target.put(copyOf(source, count));
  }

  private static ByteBuffer copyOf(ByteBuffer source, int count) {
    byte[] bytes = new byte[count];
    source.get(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
