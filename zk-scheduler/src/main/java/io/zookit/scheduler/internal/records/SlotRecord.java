package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Stored;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** A slot as it is stored; without a label it is one of a schedule without a zone. */
public record SlotRecord(
    @Stored("at") long at,
    @Stored("label") @Nullable String label,
    @Stored("fold") @Nullable Integer fold) {

  public static SlotRecord of(Slot slot) {
    long at = slot.instant().toEpochMilli();
    return slot.equals(Slot.at(slot.instant()))
        ? new SlotRecord(at, null, null)
        : new SlotRecord(at, slot.label().toString(), slot.fold());
  }

  public Slot toSlot() {
    Instant instant = Instant.ofEpochMilli(at);
    return label == null
        ? Slot.at(instant)
        : new Slot(instant, LocalDateTime.parse(label), fold == null ? 0 : fold);
  }
}
