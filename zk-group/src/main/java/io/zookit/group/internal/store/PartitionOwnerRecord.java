package io.zookit.group.internal.store;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;

/**
 * Record of a partition's owner, in the claim {@code groups/<g>/~h/<epoch>/<b>/<p>} and in the persistent node {@code
 * ~o/<epoch>/<b>/<p>}, whose version counts the claims.
 *
 * @param member the name of the owner's node below {@code ~m}
 */
public record PartitionOwnerRecord(@Stored("member") String member) {

  public static final RecordCodec<PartitionOwnerRecord> CODEC =
      RecordCodec.of(PartitionOwnerRecord.class, 1);

  /** The member that a claim names; empty if it cannot be read. */
  public static String memberOf(byte[] data) {
    return CODEC.decode(data) instanceof Decoded.Value<PartitionOwnerRecord> read
        ? read.value().member()
        : "";
  }
}
