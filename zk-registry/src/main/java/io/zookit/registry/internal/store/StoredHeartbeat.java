package io.zookit.registry.internal.store;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.util.Optional;

/**
 * A heartbeat as its node holds it. When it was written tells the node's stamp, by the leader's clock.
 *
 * @param load how busy the instance is, 0 to 1
 * @param periodMillis when the next one is due
 * @param count differs from one to the next
 */
public record StoredHeartbeat(
    @Stored("load") double load,
    @Stored("periodMillis") long periodMillis,
    @Stored("count") long count) {

  public static final RecordCodec<StoredHeartbeat> CODEC = RecordCodec.of(StoredHeartbeat.class, 1);

  public byte[] encode() {
    return CODEC.encode(this);
  }

  /** A beat that cannot be read is still one. */
  public static Optional<StoredHeartbeat> decode(byte[] data) {
    return CODEC.decode(data) instanceof Decoded.Value<StoredHeartbeat> value
        ? Optional.of(value.value())
        : Optional.empty();
  }
}
