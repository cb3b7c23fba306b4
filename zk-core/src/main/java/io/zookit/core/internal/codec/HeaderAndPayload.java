package io.zookit.core.internal.codec;

import java.util.Arrays;

/**
 * Stored bytes that consist of a header in one line and a payload behind the line end.
 *
 * @param header without a line end, mostly a record of {@link RecordCodec}, which writes none
 * @param payload any bytes, also none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HeaderAndPayload(byte[] header, byte[] payload) {

  /** Splits bytes at the first line end; without one all of them are the header. */
  public static HeaderAndPayload parse(byte[] data) {
    int end = 0;
    while (end < data.length && data[end] != '\n') {
      end++;
    }
    return new HeaderAndPayload(
        Arrays.copyOf(data, end),
        Arrays.copyOfRange(data, Math.min(end + 1, data.length), data.length));
  }

  /** Returns the bytes to store. */
  public byte[] toBytes() {
    byte[] all = Arrays.copyOf(header, header.length + 1 + payload.length);
    all[header.length] = '\n';
    System.arraycopy(payload, 0, all, header.length + 1, payload.length);
    return all;
  }
}
