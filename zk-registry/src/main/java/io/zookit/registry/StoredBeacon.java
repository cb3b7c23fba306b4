package io.zookit.registry;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;

/** A beacon as its node holds it. */
record StoredBeacon(
    @Stored("name") String name, @Stored("since") Instant since) {

  static final RecordCodec<StoredBeacon> CODEC = RecordCodec.of(StoredBeacon.class, 1);

  byte[] encode() {
    return CODEC.encode(this);
  }

  /** What a node says; of one that cannot be read only its name is known. */
  static ConsumerBeacon decode(String node, byte[] data) {
    if (CODEC.decode(data) instanceof Decoded.Value<StoredBeacon> value) {
      return new ConsumerBeacon(value.value().name(), value.value().since());
    }
    return new ConsumerBeacon(node, Instant.EPOCH);
  }
}
