package io.zookit.id.internal.record;

import io.zookit.core.internal.codec.Stored;
import io.zookit.id.IdLayout;
import java.time.Duration;
import java.time.Instant;

/**
 * A layout in the record of a name.
 *
 * @param tickMillis the length of a tick in milliseconds
 * @param sinceMillis the moment from which ticks count, in milliseconds of the epoch
 */
public record StoredLayout(
    @Stored("time") int timeBits,
    @Stored("slot") int slotBits,
    @Stored("sequence") int sequenceBits,
    @Stored("tick") long tickMillis,
    @Stored("since") long sinceMillis) {

  /** The stored form of a layout. */
  public static StoredLayout of(IdLayout layout) {
    return new StoredLayout(
        layout.timeBits(),
        layout.slotBits(),
        layout.sequenceBits(),
        layout.tick().toMillis(),
        layout.since().toEpochMilli());
  }

  /** The layout. */
  public IdLayout toLayout() {
    return IdLayout.of(timeBits, slotBits, sequenceBits)
        .tick(Duration.ofMillis(tickMillis))
        .since(Instant.ofEpochMilli(sinceMillis));
  }
}
