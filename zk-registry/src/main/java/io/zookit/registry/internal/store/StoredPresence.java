package io.zookit.registry.internal.store;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.registry.ConsumerPresence;
import java.time.Instant;

/** A consumer as its node holds it. */
public record StoredPresence(
    @Stored("name") String name, @Stored("since") Instant since) {

  public static final RecordCodec<StoredPresence> CODEC = RecordCodec.of(StoredPresence.class, 1);

  public byte[] encode() {
    return CODEC.encode(this);
  }

  /** Decodes a presence node; of one that cannot be decoded only the name is known. */
  public static ConsumerPresence decode(String node, byte[] data) {
    if (CODEC.decode(data) instanceof Decoded.Value<StoredPresence> value) {
      return new ConsumerPresence(value.value().name(), value.value().since());
    }
    return new ConsumerPresence(node, Instant.EPOCH);
  }
}
