package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;

/**
 * Owner of a slot, in the ephemeral node {@code ids/<name>/~o/<slot>}. It tells which slots are free; no safety depends on it.
 *
 * @param nonce of the client, random
 * @param owner for people
 * @param pid for people
 */
record SlotOwnerRecord(
    @Stored("nonce") String nonce,
    @Stored("owner") String owner,
    @Stored("pid") long pid) {

  static final RecordCodec<SlotOwnerRecord> CODEC = RecordCodec.of(SlotOwnerRecord.class, 1);

  /** The owner in a node, for people. */
  static String describe(byte[] data) {
    return CODEC.decode(data) instanceof Decoded.Value<SlotOwnerRecord> value
        ? value.value().owner() + " (pid " + value.value().pid() + ")"
        : "an owner that cannot be read";
  }
}
