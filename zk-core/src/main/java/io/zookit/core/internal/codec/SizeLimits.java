package io.zookit.core.internal.codec;

import io.zookit.core.internal.path.ZkPath;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.jute.BinaryOutputArchive;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;

/**
 * Limits of the sizes of requests and replies of ZooKeeper.
 *
 * <p>A packet that is one byte too long is not refused: the server closes the connection, which puts every lock and
 * registration of this client in doubt, and sending it again does the same. So requests are measured before they are
 * sent. A node must also be readable: the reply with its data is longer than the request that created it, and a reply
 * that is too long closes the connection of every client that reads the node.
 *
 * <p>Immutable.
 */
public final class SizeLimits {

  /** The greatest packet that servers and clients take unless {@code jute.maxbuffer} is set. */
  private static final int STANDARD = 1_048_575;

  /** Kept free for what is not counted: headers, the access list, the statistics in a reply, a chroot. */
  private static final int RESERVE = 2_048;

  private static final SizeLimits SERVER_DEFAULT = new SizeLimits(STANDARD);

  private final int packet;

  private SizeLimits(int packet) {
    this.packet = packet;
  }

  /** The limits of servers and clients with default settings: packets of 1,048,575 bytes. */
  public static SizeLimits serverDefault() {
    return SERVER_DEFAULT;
  }

  /** Limits for packets of at most {@code bytes}, 4,096 to 1,048,575. */
  public static SizeLimits packetsOf(int bytes) {
    if (bytes < 2 * RESERVE || bytes > STANDARD) {
      throw new IllegalArgumentException(
          "packet: " + bytes + " (expected: " + 2 * RESERVE + " to " + STANDARD + ")");
    }
    return new SizeLimits(bytes);
  }

  /** The most bytes of data that a node of this path can have. */
  public int roomAt(ZkPath path) {
    return packet - RESERVE - path.value().getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Refuses data too large for a node, before anything is sent.
   *
   * @throws IllegalArgumentException naming path and sizes, not the data
   */
  public void requireFits(ZkPath path, byte[] data) {
    int room = roomAt(path);
    if (data.length > room) {
      throw new IllegalArgumentException(
          "data of " + path + ": " + data.length + " bytes (expected: at most " + room + ")");
    }
  }

  /**
   * Refuses operations too large for one multi, counted as they would be sent.
   *
   * @throws IllegalArgumentException naming the number of operations and the sizes
   */
  public void requireFits(List<Op> operations) {
    long size = sizeOf(operations);
    int room = packet - RESERVE;
    if (size > room) {
      throw new IllegalArgumentException("multi of " + operations.size() + " operations: " + size
          + " bytes (expected: at most " + room + ")");
    }
  }

  /** The number of bytes that these operations take in a request. */
  public static long sizeOf(List<Op> operations) {
    CountingStream counted = new CountingStream();
    try {
      new MultiOperationRecord(operations)
          .serialize(BinaryOutputArchive.getArchive(counted), "multi");
    } catch (IOException e) {
      throw new UncheckedIOException("counting failed", e);
    }
    return counted.size;
  }

  private static final class CountingStream extends OutputStream {
    private long size;

    @Override
    public void write(int b) {
      size++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      size += length;
    }
  }
}
