package io.zookit.lock.barrier;

import io.zookit.core.ZkException;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.path.ZkPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record in the node of a double barrier.
 *
 * @param generation counts the rounds; 1 at first
 * @param members the number of members of a round
 * @param inside the nodes of the members of the present round; absent while they gather
 */
record BarrierRecord(
    @Stored("generation") long generation,
    @Stored("members") int members,
    @Stored("inside") @Nullable List<String> inside) {

  static final RecordCodec<BarrierRecord> CODEC = RecordCodec.of(BarrierRecord.class, 1);

  static BarrierRecord gathering(long generation, int members) {
    return new BarrierRecord(generation, members, null);
  }

  static BarrierRecord read(byte[] data, ZkPath node) {
    Decoded<BarrierRecord> decoded = CODEC.decode(data);
    if (decoded instanceof Decoded.Value<BarrierRecord> read) {
      return read.value();
    }
    throw new ZkException(node + ": cannot be read by this version: " + decoded);
  }

  byte[] encoded() {
    return CODEC.encode(this);
  }

  /** Tells if the members are inside. */
  boolean isOpen() {
    return inside != null;
  }

  boolean isInside(ZkPath member) {
    return inside != null && inside.contains(member.name());
  }

  /** The number of members of the round that have not left, by the barrier's children. */
  int stillInside(List<String> children) {
    return inside == null ? 0 : (int) inside.stream().filter(children::contains).count();
  }

  BarrierRecord toOpen(List<String> entered) {
    return new BarrierRecord(generation, members, List.copyOf(entered));
  }

  BarrierRecord toNext() {
    return gathering(generation + 1, members);
  }
}
