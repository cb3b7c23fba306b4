package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import org.jspecify.annotations.Nullable;

/**
 * Mark of a slot, in {@code ids/<name>/~w/<slot>}. Its version counts the windows.
 *
 * @param until the last tick of its windows so far; a window belongs to the write that made it, whatever becomes of the writer
 * @param by the write that made it; null before the first one
 */
record WindowRecord(
    @Stored("until") long until, @Stored("by") @Nullable String by) {

  static final RecordCodec<WindowRecord> CODEC = RecordCodec.of(WindowRecord.class, 1);

  /** The mark of a slot that was never used. */
  static final WindowRecord UNUSED = new WindowRecord(0, null);
}
