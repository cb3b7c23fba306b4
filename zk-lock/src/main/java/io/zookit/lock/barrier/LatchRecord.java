package io.zookit.lock.barrier;

import io.zookit.core.ZkException;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.path.ZkPath;

/**
 * The record in the node of a latch.
 *
 * @param generation counts the resets; 1 at first
 * @param count the number of count-downs that open it
 */
record LatchRecord(
    @Stored("generation") long generation, @Stored("count") int count) {

  static final RecordCodec<LatchRecord> CODEC = RecordCodec.of(LatchRecord.class, 1);

  static LatchRecord read(byte[] data, ZkPath node) {
    Decoded<LatchRecord> decoded = CODEC.decode(data);
    if (decoded instanceof Decoded.Value<LatchRecord> read) {
      return read.value();
    }
    throw new ZkException(node + ": cannot be read by this version: " + decoded);
  }

  byte[] encoded() {
    return CODEC.encode(this);
  }
}
